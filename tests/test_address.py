"""Address and name of the app: an impossible one is one clear line, and no folder's name matters."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from explorer.networks import checkpoints
from explorer.running import address
from tests.server import Server, serve
from tests.tiny_nets import GANS, write

APP = checkpoints.ROOT / "app.py"
PATIENT = checkpoints.ROOT / "tests" / "patient_app.py"


def start(**environment: str) -> subprocess.CompletedProcess:
    """Output of an app that stops at once."""
    return subprocess.run([sys.executable, APP], env=environment, capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize("port", ["abc", "99999", "0", "-1", "7860.5", "９", "1" * 5000])
def test_what_is_no_port_is_one_line_and_an_example(port: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRADIO_SERVER_PORT", port)
    with pytest.raises(SystemExit) as stopped:
        address.port()
    assert_names_the_port(str(stopped.value))


def assert_names_the_port(line: str) -> None:
    """Check a message about a setting that is no port."""
    assert "\n" not in line and len(line) < 200
    assert "GRADIO_SERVER_PORT is" in line and line.endswith("as in GRADIO_SERVER_PORT=7861")


def test_an_app_without_a_port_stops_with_the_line_alone():
    done = start(GRADIO_SERVER_PORT="abc")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert_names_the_port(line)


def test_a_port_in_use_is_one_line_that_names_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(GRADIO_SERVER_PORT=str(port))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"cannot listen at port {port}" in line and "GRADIO_SERVER_PORT=" in line


def test_an_empty_setting_is_the_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(address, "_listen", lambda name, number: None)
    monkeypatch.setenv("GRADIO_SERVER_PORT", "")
    assert address.port() == 7860
    monkeypatch.setenv("EXPLORER_PRETRAINED", "")
    assert checkpoints.pretrained_folder() == checkpoints.ROOT / "pretrained"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app behind a proxy in the C locale, whose text is ASCII, with a folder beside the place where it starts."""
    folder = tmp_path_factory.mktemp("address")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    nets = write(folder / "nets #1 %41?x é", GANS)
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    proxy = {"EXPLORER_PRETRAINED": nets.name, "GRADIO_ROOT_PATH": "/explorer"}
    with serve(folder / "log.txt", app=str(PATIENT), cwd=folder, **plain, **proxy) as server:
        yield server


def test_a_folder_of_any_name_is_served_without_saying_where_it_is(server: Server, tmp_path_factory):
    page = urllib.request.urlopen(f"{server.url}/?tab=vae", timeout=20).read().decode()
    url = f"{server.url}/gradio_api/file=pretrained/gan-mnist/model.safetensors?v=1"
    request = urllib.request.Request(url, headers={"Range": "bytes=0-7"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert (answer.status, len(answer.read())) == (206, 8)
    assert str(tmp_path_factory.getbasetemp()) not in page and str(checkpoints.ROOT) not in page
    assert "nets #1 %41?x é: restore" in page  # what the other networks are missing from


def test_a_relative_folder_is_meant_from_where_the_app_was_started(server: Server):
    page = urllib.request.urlopen(f"{server.url}/?tab=gan", timeout=20).read().decode()
    assert '"latent":8,' in page and '"error":null' in page


def test_the_files_of_the_folder_are_served_behind_a_proxy_and_no_others(server: Server):
    for root in ("", "/explorer"):  # a proxy may take its part of the path away, or leave it
        url = f"{server.url}{root}/gradio_api/file=pretrained/gan-mnist/config.json"
        assert b"gan" in urllib.request.urlopen(url, timeout=20).read()
    for path in ("../secret.txt", "%2e%2e/secret.txt", "gan-mnist/../../secret.txt", "/etc/hostname"):
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as asker:
            asker.sendall(f"GET /gradio_api/file=pretrained/{path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            assert asker.recv(12).endswith(b"404"), path
