"Package metadata; every value comes from settings.ini."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
settings = ConfigParser(delimiters='=', interpolation=None)
settings.read(here / 'settings.ini', encoding='utf-8')
s = settings['DEFAULT']
statuses = ('1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable', '6 - Mature', '7 - Inactive')
readme = here / 'README.md'

setup(
    name=s['lib_name'],
    version=s['version'],
    description=s['description'],
    long_description=readme.read_text(encoding='utf-8') if readme.exists() else s['description'],
    long_description_content_type='text/markdown',
    author=s['author'],
    license={'apache2': 'Apache-2.0'}[s['license']],
    license_files=['LICENSE'],
    keywords=s['keywords'].split(),
    classifiers=[
        f"Development Status :: {statuses[int(s['status']) - 1]}",
        f"Intended Audience :: {s['audience']}",
        f"Natural Language :: {s['language']}",
        'Programming Language :: Python :: 3',
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
    ],
    packages=find_packages(include=[s['lib_name'], f"{s['lib_name']}.*"]),
    package_data={s['lib_name']: ['*.pyi', 'py.typed', 'data/*.json', 'data/*.js', 'data/weights/*/*']},
    python_requires=f">={s['min_python']}",
    install_requires=s['requirements'].split(),
    extras_require={'dev': s['dev_requirements'].split(), 'ppo': s['ppo_requirements'].split()},
    entry_points={'console_scripts': s['console_scripts'].split(), 'twm_nb.systems': s['systems'].split()},
    zip_safe=False,
)
