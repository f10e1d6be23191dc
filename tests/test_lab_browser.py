"""`make lab` in headless Chromium: the README's notebook has its pictures, its hidden cells are hidden, and opening or
saving changes no file."""
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_dream_browser import ARGUMENTS, BROWSER, SECONDS, missing, wait_for

ROOT = Path(__file__).resolve().parent.parent

@pytest.fixture
def copy(tmp_path):
    "A copy of what `make lab` shows."
    for part in ('nbs', 'figures'):
        shutil.copytree(ROOT / part, tmp_path / 'copy' / part, ignore=shutil.ignore_patterns('.ipynb_checkpoints'))
    for part in ('settings.ini', 'Makefile', '.gitignore'): shutil.copy(ROOT / part, tmp_path / 'copy')
    return tmp_path / 'copy'

@pytest.fixture
def lab(copy, tmp_path):
    "The JupyterLab of `make lab`, started in the copy; its address."
    if missing():
        if os.environ.get('CI') == 'true': pytest.fail(missing())
        pytest.skip(missing())
    options = re.search(r'jupyter lab (.*)', (copy / 'Makefile').read_text().replace('\\\n', ' '))[1].split()
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    names = ('JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR',
             'JUPYTERLAB_SETTINGS_DIR', 'JUPYTERLAB_WORKSPACES_DIR', 'IPYTHONDIR')
    environment = os.environ | {n: str(tmp_path / n.lower()) for n in names} | {'PYTHONPATH': str(ROOT)}
    command = [sys.executable, '-m', 'jupyterlab', *options,
               '--no-browser', '--allow-root', '--ip=127.0.0.1', f'--port={port}',
               '--ServerApp.port_retries=0', '--IdentityProvider.token=t']
    with open(tmp_path / 'log.txt', 'w') as log:
        server = subprocess.Popen(command, cwd=copy, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f'http://127.0.0.1:{port}/api?token=t', server, tmp_path / 'log.txt')
            yield f'http://127.0.0.1:{port}/lab/tree/nbs/index.ipynb?token=t&reset'
        finally:
            server.terminate()
            server.wait(60)

def tracked(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob('*') if p.is_file() and not ignored(p)}
def ignored(path): return '.ipynb_checkpoints' in path.parts or path.name == '.last_checked'    # as .gitignore says

def test_opened_and_saved_without_a_change(copy, lab):
    from playwright.sync_api import sync_playwright
    before = tracked(copy)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, headless=True, args=ARGUMENTS)
        page = browser.new_page(viewport=dict(width=1400, height=6000))
        page.set_default_timeout(3 * SECONDS)     # a whole JupyterLab, perhaps on a busy machine
        page.goto(lab)
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status=idle]')
        page.wait_for_function('document.querySelectorAll(".jp-Notebook img").length == 3')
        page.wait_for_function('[...document.querySelectorAll(".jp-Notebook img")].every(i => i.naturalWidth > 100)')
        assert page.locator('.jp-Dialog').count() == 0         # no question about a kernel
        assert page.locator('.jp-Notebook .jp-Placeholder').count() == 4
        page.wait_for_selector('.lm-TabBar-tab.jp-mod-dirty')  # the kernel told JupyterLab its name
        page.locator('.jp-Notebook .jp-Cell').first.click()
        page.keyboard.press('Control+s')
        page.wait_for_function('!document.querySelector(".lm-TabBar-tab.jp-mod-dirty")')
        if os.environ.get('TWM_NB_SCREENSHOT'): page.screenshot(path=os.environ['TWM_NB_SCREENSHOT'])
        browser.close()
    assert tracked(copy) == before
