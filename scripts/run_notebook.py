"""Execute notebooks in place and store their outputs.

A notebook stops at its first exception and its file stays as it was; the exit status is then 1. Cells with a flag of
settings.ini's tst_flags, or `#| eval: false`, are not run and keep the outputs they have.
"""
import argparse
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from execnb.nbio import write_nb
from execnb.shell import CaptureShell
from nbdev.config import get_config
from nbdev.process import NBProcessor

def is_skipped(cell, flags) -> bool:
    "Is `cell` not to be run? `flags` are the directives that say so."
    directives = getattr(cell, 'directives_', None) or {}
    return (cell.cell_type != 'code' or 'nbdev_export(' in cell.source or bool(flags & directives.keys())
            or directives.get('eval:', [''])[0].lower() == 'false')

def explanation(nb, number: int, error: BaseException) -> str:
    "What went wrong in cell `number` of `nb` (counted from 1), and the part of the traceback that lies in code of a user."
    source = [l for l in nb.cells[number - 1].source.splitlines() if l.strip()]
    trace = error.__traceback__
    while trace and 'IPython' in trace.tb_frame.f_code.co_filename: trace = trace.tb_next
    lines = ''.join(traceback.format_exception(type(error), error, trace)).rstrip().splitlines()
    return '\n'.join([f'cell {number}, which begins with: {source[0] if source else ""}', *(f'    {l}' for l in lines[-30:])])

def execute(path: Path, force=()) -> str:
    "Executes the notebook at `path`, and hides the cells with `#| hide`; returns an empty text, or what went wrong. `force` are flags whose cells run after all."
    os.environ['PYDEVD_DISABLE_FILE_VALIDATION'] = '1'
    path = Path(path).absolute()
    config = get_config()
    flags = set(config.tst_flags.split()) - set(force)
    sys.path.insert(0, str(config.config_path))
    nb = NBProcessor(path, rm_directives=False).nb
    shell = CaptureShell(path, mpl_format='png')
    os.chdir(path.parent)
    for number, cell in enumerate(nb.cells, 1):
        if is_skipped(cell, flags): continue
        cell.outputs = []
        shell.cell(cell)
        if shell.exc: return explanation(nb, number, shell.exc)
    for cell in nb.cells:
        if 'hide' in (cell.get('directives_') or ()): cell.metadata['jupyter'] = dict(source_hidden=True)    # in JupyterLab as well
        for name in ('directives_', 'idx_'): cell.pop(name, None)
    write_nb(nb, path)
    return ''

def timed(path: Path, force=()):
    "`execute`, and the seconds it took."
    start = time.perf_counter()
    return execute(path, force), time.perf_counter() - start

def run_all(paths, force=(), jobs: int = 1) -> list:
    "Executes the notebooks `paths`, `jobs` at a time, each in a process of its own; returns the paths of those that failed."
    failed = []
    with ProcessPoolExecutor(jobs, mp_context=get_context('spawn'), max_tasks_per_child=1) as pool:
        running = {pool.submit(timed, p, force): p for p in paths}
        for done, future in enumerate(as_completed(running), 1):
            path = running[future]
            try: wrong, seconds = future.result()
            except BrokenProcessPool: wrong, seconds = 'its process was killed (out of memory?)', float('nan')
            print(f'[{done}/{len(paths)}] {path.name}: {"FAILED" if wrong else "done"} in {seconds:.0f} s', flush=True)
            if wrong:
                failed.append(path)
                print(f'{path}: {wrong}', file=sys.stderr, flush=True)
    return failed

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('notebooks', nargs='*', type=Path, help='notebooks (default: all of nbs)')
    parser.add_argument('--jobs', type=int, default=1, help='notebooks at a time (default: 1)')
    parser.add_argument('--force', nargs='*', default=[], metavar='FLAG', help='run the cells with these flags too')
    args = parser.parse_args()
    paths = args.notebooks or sorted(Path(get_config().nbs_path).glob('*.ipynb'))
    missing = [p for p in paths if not p.is_file()]
    if missing: parser.error(f'there is no notebook {missing[0]}')
    unknown = set(args.force) - set(get_config().tst_flags.split())
    if unknown: parser.error(f'{min(unknown)} is no flag of tst_flags in settings.ini ({get_config().tst_flags})')
    failed = run_all(paths, args.force, args.jobs)
    if failed: sys.exit(f'{len(failed)} of {len(paths)} notebooks failed: {", ".join(p.name for p in failed)}')

if __name__ == '__main__': main()
