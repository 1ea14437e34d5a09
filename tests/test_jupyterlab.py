"""The notebooks in JupyterLab, in a real browser: all cells run, hostile text stays text."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from nbhelpers.params import NOTEBOOKS

pytestmark = [pytest.mark.browser, pytest.mark.kernel, pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = NOTEBOOKS.parent
# Cells out of sight are not in the page unless the notebook is laid out whole.
WHOLE = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
MARKS = ("alert('h0stile')", "{{ 7 * 7 }}", "**not bold**", "$\\frac{1}{2}$")
HOSTILE = (
    "<script>window.taken = 'in'</script> Officials meet <img src=x onerror=\"window.taken=1\">\n\n"
    f"The minister said on Monday that {' '.join(MARKS)} </style> were no threat to anyone.\n\n"
    f"President Ines Lund lied and betrayed {' '.join(MARKS)} like a brutal thug.\n\n"
    "A [link](javascript:alert('h0stile')) was denied by the minister on Tuesday, he said.\n"
)


@pytest.fixture(params=sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
def lab(request, tmp_path):
    """The address of a notebook, set to a hostile corpus, in a JupyterLab of its own."""
    notebooks = tmp_path / "home" / "notebooks"
    notebooks.mkdir(parents=True)
    texts = tmp_path / "home" / "seeds"
    texts.mkdir()
    for name in ("one", "two", "three"):
        (texts / f"{name}.txt").write_text(f"{HOSTILE}\nText {name} ends here.\n")
    shutil.copy(NOTEBOOKS / request.param, notebooks)
    settings = tmp_path / "app" / "settings"
    settings.mkdir(parents=True)
    (settings / "overrides.json").write_text(json.dumps({**WHOLE, **QUIET}))
    shared = Path(sys.prefix, "share", "jupyter", "lab")
    for part in ("static", "schemas", "themes"):
        (settings.parent / part).symlink_to(shared / part)
    token = secrets.token_hex(16)
    port = free_port()
    own = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"IPYTHONDIR": str(tmp_path / "ipython"), "PYTHONPATH": str(ROOT)}
    own["JUPYTERLAB_SETTINGS_DIR"] = str(tmp_path / "user-settings")
    own["JUPYTERLAB_WORKSPACES_DIR"] = str(tmp_path / "workspaces")
    log = (tmp_path / "log").open("w")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={tmp_path / 'home'}", f"--app-dir={settings.parent}"]
    command += ["--KernelManager.transport_encryption=auto", "--ServerApp.port_retries=0"]
    server = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for_server(f"{base}/api?token={token}", server, tmp_path / "log")
        yield f"{base}/lab/tree/notebooks/{request.param}?token={token}&reset"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def free_port():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


def wait_for_server(address, server, log):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not answer: {log.read_text()}")


def test_all_cells_run_and_hostile_text_shows_as_text(chromium, lab):
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    dialogues = []
    page.on("dialog", lambda dialog: (dialogues.append(dialog.message), dialog.dismiss()))
    page.goto(lab)
    status = page.locator(".jp-StatusBar-Widget")
    idle = re.compile(r"\| Idle")
    status.get_by_text(idle).wait_for()
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    n_cells = page.locator(".jp-Notebook .jp-CodeCell").count()
    ran = re.compile(r"^\[\d+\]:$")
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
               .every(prompt => /^\\[\\d+\\]:$/.test(prompt.textContent.trim()))
           || document.querySelector('[data-mime-type="application/vnd.jupyter.stderr"]')""",
        timeout=180_000,
    )
    errors = page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    assert errors.all_inner_texts() == []
    assert [text for text in prompts.all_inner_texts() if not ran.match(text.strip())] == []
    assert len(prompts.all_inner_texts()) == n_cells > 3
    shown = " ".join(page.locator(".jp-OutputArea-output").all_text_contents())
    for mark in MARKS:
        assert mark in shown, shown[shown.find("h0stile") - 200 :][:800]
    assert page.evaluate("window.taken") is None
    assert page.locator(".jp-OutputArea-output img[onerror]").count() == 0
    assert page.locator(".jp-OutputArea-output a[href^='javascript']").count() == 0
    assert dialogues == []
    context.close()
