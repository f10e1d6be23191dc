"The player in a real JupyterLab: started, run, paused and played with keys and clicks in headless Chromium; and films, played there."
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSER = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync']
CELL = "from twm_nb.dream import play\nplay('Catch', fps=20, seed=0)"
SECONDS = 60_000                                               # what the browser waits at most, in ms

def missing():
    "Why there can be no browser test here; empty if there can."
    if not BROWSER: return 'there is no chromium; on Debian: apt-get install chromium'
    try: import playwright.sync_api    # noqa: F401
    except ImportError: return 'playwright is not installed; please run: pip install playwright'
    return ''

def need_a_browser():
    "Skips the test where there is none, but on a CI machine."
    if not missing(): return
    if os.environ.get('CI') == 'true': pytest.fail(missing())
    pytest.skip(missing())

@pytest.fixture(scope='module')
def lab(tmp_path_factory):
    "A JupyterLab with one notebook; yields its address."
    need_a_browser()
    folder = tmp_path_factory.mktemp('lab')
    cell = dict(cell_type='code', id='play', source=CELL, metadata={}, outputs=[], execution_count=None)
    kernel = dict(display_name='python3', language='python', name='python3')
    (folder / 'play.ipynb').write_text(json.dumps(dict(cells=[cell], metadata=dict(kernelspec=kernel), nbformat=4, nbformat_minor=5)))
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    names = ('JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR', 'JUPYTERLAB_SETTINGS_DIR', 'JUPYTERLAB_WORKSPACES_DIR', 'IPYTHONDIR')
    environment = os.environ | {n: str(tmp_path_factory.mktemp(n.lower())) for n in names} | {'OMP_NUM_THREADS': '1', 'PYTHONPATH': str(ROOT)}
    command = [sys.executable, '-m', 'jupyterlab', '--no-browser', '--allow-root', '--ip=127.0.0.1', f'--port={port}', '--ServerApp.port_retries=0',
               '--IdentityProvider.token=t', f'--ServerApp.root_dir={folder}']
    with open(folder / 'log.txt', 'w') as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f'http://127.0.0.1:{port}/api?token=t', server, folder / 'log.txt')
            yield f'http://127.0.0.1:{port}/lab/tree/play.ipynb?token=t&reset'
        finally:
            server.terminate()
            server.wait(60)

def wait_for(address, server, log):
    "Until the server answers."
    for _ in range(240):
        assert server.poll() is None, log.read_text()[-2000:]
        try: return urllib.request.urlopen(address, timeout=5).read()
        except OSError: time.sleep(.25)
    raise AssertionError(f'JupyterLab does not answer:\n{log.read_text()[-2000:]}')

def waits(page, selector, most):
    "Does it come within `most` ms?"
    from playwright.sync_api import TimeoutError
    try: return page.wait_for_selector(selector, timeout=most)
    except TimeoutError: return None

@pytest.fixture
def page(lab):
    "The notebook, run, with the player in it; no error in the console is forgiven."
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, headless=True, args=ARGUMENTS)
        page = browser.new_page(viewport=dict(width=1400, height=1100))
        page.set_default_timeout(SECONDS)
        errors = []
        page.on('pageerror', lambda e: errors.append(str(e)))
        page.on('console', lambda m: errors.append(m.text) if m.type == 'error' else None)
        page.goto(lab)
        page.wait_for_selector('.jp-Notebook .jp-Cell')
        page.wait_for_timeout(500)
        if page.locator('button.jp-mod-accept').count(): page.locator('button.jp-mod-accept').first.click()
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status=idle]')
        for _ in range(4):                          # a machine that is busy may not take the first keys
            page.locator('.jp-Notebook .jp-Cell').first.click()
            page.keyboard.press('Control+Enter')
            if waits(page, '.jp-OutputArea img.twm-frame', SECONDS // 3): break
        page.wait_for_selector('.jp-OutputArea img.twm-frame')
        yield page
        browser.close()
        assert errors == []

def source(page, picture='frame'): return page.locator(f'img.twm-{picture}').get_attribute('src')
def status(page): return page.locator('.jp-OutputArea .widget-html:has-text("return"):has-text("step")').first.inner_text()

def changes(page, do, picture='frame'):
    "Does `do` change the picture?"
    before = source(page, picture)
    do()
    page.wait_for_function('([name, old]) => document.querySelector(`img.twm-${name}`).src !== old', arg=[picture, before])

def pixels(page, picture):
    "What a picture shows, once it has been loaded."
    return page.evaluate('''async name => {
        const image = document.querySelector(`img.twm-${name}`), canvas = document.createElement('canvas');
        await image.decode();
        canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
        canvas.getContext('2d').drawImage(image, 0, 0);
        return canvas.toDataURL();
    }''', picture)

def button(page, name): return page.locator(f'.jp-OutputArea button:text-is("{name}")')

def wait_for_status(page, text):
    page.wait_for_function('text => document.querySelector(".jp-OutputArea").innerText.includes(text)', arg=text)

def test_the_player_is_played(page):
    assert status(page).startswith('step 0')
    changes(page, button(page, 'step').click)
    wait_for_status(page, 'step 1')

    page.locator('img.twm-frame').click()                      # gives it the focus
    changes(page, lambda: page.keyboard.press('ArrowLeft'))
    wait_for_status(page, 'last action left')
    assert 'mod-active' in page.locator('.jp-OutputArea button:text-is("human")').get_attribute('class')
    for words in ('← → move', '0 does nothing', 'divides the logits', 'steps a second', 'no episode has ended yet'): wait_for_status(page, words)
    changes(page, button(page, '→').click)
    wait_for_status(page, 'last action right')

    changes(page, button(page, 'begin anew').click)
    wait_for_status(page, 'step 0')
    button(page, 'policy').click()
    changes(page, button(page, 'run').click)
    button(page, 'pause').wait_for()
    changes(page, lambda: None, 'trace')                       # goes on by itself
    button(page, 'pause').click()
    button(page, 'run').wait_for()
    page.wait_for_timeout(300)
    stands = source(page)
    page.wait_for_timeout(500)
    assert source(page) == stands

    changes(page, lambda: page.locator('img.twm-latent').click(position=dict(x=5, y=5)), 'latent')
    shown = pixels(page, 'frame')                              # a forced category changes what is seen
    for row in range(1, 16):
        changes(page, lambda: page.locator('img.twm-latent').click(position=dict(x=12 + 24 * (row % 8), y=12 + 24 * row)), 'latent')
    assert pixels(page, 'frame') != shown
    blank = pixels(page, 'attention')
    changes(page, button(page, 'step').click, 'attention')
    assert pixels(page, 'attention') != blank
    page.locator('img.twm-frame').click()
    before = status(page)
    page.keyboard.press('Control+ArrowRight')                  # the browser's own, not a move
    page.wait_for_timeout(300)
    assert status(page) == before
    if os.environ.get('TWM_NB_SCREENSHOT'): page.screenshot(path=os.environ['TWM_NB_SCREENSHOT'])

def test_nothing_is_clipped(page):
    "In a notebook 1000 pixels wide no text of the player is cut off, and no part of it lies outside of the output."
    page.set_viewport_size(dict(width=1000, height=1100))
    page.keyboard.press('Escape'); page.keyboard.press('Control+b')            # closes the list of files
    page.wait_for_timeout(500)
    wide = page.evaluate('''() => {
        const area = document.querySelector('.jp-OutputArea-output:has(img.twm-frame)'), box = area.getBoundingClientRect();
        const cut = [...area.querySelectorAll('button, .widget-html, .widget-label, .widget-readout, img')].filter(e => e.offsetParent
            && getComputedStyle(e).visibility !== 'hidden'
            && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > box.right));
        return { cut: cut.map(e => e.innerText || e.className), width: box.width };
    }''')
    assert wide['cut'] == [] and 700 < wide['width'] < 1000
    if os.environ.get('TWM_NB_SCREENSHOT'): page.screenshot(path=os.environ['TWM_NB_SCREENSHOT'] + '-1000.png')

def test_two_keys_at_once(page):
    "The keys that are held go along together; letting go, or leaving the frame, ends it."
    page.evaluate("document.querySelector('img.twm-frame').focus()")
    changes(page, lambda: page.keyboard.down('ArrowLeft'))
    wait_for_status(page, 'last action left')
    changes(page, lambda: page.keyboard.down('ArrowRight'))    # opposite arrows cancel each other
    wait_for_status(page, 'last action noop')
    page.keyboard.up('ArrowLeft'); page.keyboard.up('ArrowRight')
    changes(page, lambda: page.keyboard.down('ArrowRight'))
    wait_for_status(page, 'last action right')
    button(page, 'step').click()                               # the frame has lost the focus, so nothing is held any more
    wait_for_status(page, 'last action noop')
    page.keyboard.up('ArrowRight')

def test_a_browser_plays_an_mp4(tmp_path):
    need_a_browser()
    import numpy as np
    from playwright.sync_api import sync_playwright
    from twm_nb.dream import write_film
    write_film([np.full((88, 132, 3), 20 * t, np.uint8) for t in range(12)], tmp_path / 'a.mp4', 10)
    data = base64.b64encode((tmp_path / 'a.mp4').read_bytes()).decode()
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=BROWSER, headless=True, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(SECONDS)
        page.set_content(f'<video muted src="data:video/mp4;base64,{data}"></video>')
        page.wait_for_function("(v => v.error || v.readyState >= 2)(document.querySelector('video'))")
        state = page.evaluate('''async () => {
            const v = document.querySelector('video');
            if (v.error) return v.error.message;
            await v.play();
            await new Promise(done => v.addEventListener('ended', done));
            return [v.error, v.videoWidth, v.videoHeight, Math.round(v.duration * 10), v.currentTime === v.duration];
        }''')
        browser.close()
    assert state == [None, 132, 88, 12, True]
