"""The command ``yusuan dashboard``: Streamlit on loopback, nothing fetched from outside, nothing sent there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import webbrowser
from typing import Annotated

import typer

from yusuan import child_programs
from yusuan.places import PROJECT, Home, describe_path
from yusuan.terminals import EXIT_FAILED, console, fail, note

APP = PROJECT / "dashboards" / "app.py"
ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
START_SECONDS = 60  # the slowest machine we know needs five

# Named, for a browser in English would take the Japanese shapes of Chinese characters; all are on the
# reader's own machine (macOS, Windows, Linux), the first comes with Streamlit.
FONT = (
    "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', "
    "'Source Han Sans SC', sans-serif"
)

# As arguments, not as a file: they count wherever the command is run, before any file of the user's.
OPTIONS: dict[str, str | tuple[str, ...]] = {
    "server.address": ADDRESS,
    "server.headless": "true",  # no browser and no question for an address by Streamlit itself
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.allowedHosts": (ADDRESS, "localhost"),  # against a page elsewhere that calls itself by our name
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": ADDRESS,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.disableDataExport": "true",  # our own files instead: with a mark for Excel, without formulas
    "logger.hideWelcomeMessage": "true",
    "logger.level": "warning",
    "theme.base": "light",
    "theme.font": FONT,
    "theme.primaryColor": "#0072B2",
}


class PortInUse(Exception):
    """Another program listens where the dashboard was to."""


class NotStarted(Exception):
    """The server ended before it answered."""


def make_command(port: int) -> list[str]:
    """Return the command that serves the dashboard."""
    options = [
        f"--{name}={value}"
        for name, values in {**OPTIONS, "server.port": str(port)}.items()
        for value in (values if isinstance(values, tuple) else (values,))
    ]
    return child_programs.make_command("streamlit", "run", str(APP), *options)


def find_port(wanted: int | None) -> int:
    """Return the port wanted, or the first free one from 8501 on; raise PortInUse if there is none."""
    for port in [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortInUse(f"{ADDRESS}:{wanted if wanted is not None else FIRST_PORT}")


def start_dashboard(port: int, home: Home | None = None) -> subprocess.Popen[bytes]:
    """Start the server and return once it answers; raise NotStarted if it does not.

    ``home``: another warehouse than this process's own.
    """
    process = subprocess.Popen(
        make_command(port),
        env={**os.environ, "PYTHONUNBUFFERED": "1", **({"YUSUAN_HOME": str(home.folder)} if home else {})},
        stdin=subprocess.PIPE,  # never written to: its end tells the server of ours
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"exit code {process.returncode}")
        if _answers(port):
            return process
        time.sleep(0.1)
    process.terminate()
    raise NotStarted(f"no answer within {START_SECONDS} s")


def _answers(port: int) -> bool:
    # Past any proxy of the environment: the server is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{make_address(port)}_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def make_address(port: int) -> str:
    return f"http://{ADDRESS}:{port}/"


def dashboard(
    port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help="端口（默认 8501，被占用时取其后的空闲端口） · port [default: 8501, or the next free one]",
            show_default=False,
        ),
    ] = None,
    is_browser_opened: Annotated[
        bool, typer.Option("--browser/--no-browser", help="是否打开浏览器 · open a browser")
    ] = True,
) -> None:
    """打开仪表盘 · Show the published warehouse in the browser, on this machine only, until Ctrl+C.

    It reads the published file and follows a new release by itself. Exit code 1: it could not start.
    """
    try:
        free_port = find_port(port)
        server = start_dashboard(free_port)
    except PortInUse as error:
        fail(
            f"端口已被占用：{error}。请用 --port 指定其他端口。 The port is in use; name another with --port."
        )
        raise typer.Exit(EXIT_FAILED) from error
    except NotStarted as error:
        fail(f"仪表盘未能启动：{error}。 The dashboard did not start.")
        raise typer.Exit(EXIT_FAILED) from error
    published = Home.find().published_database
    if not published.is_file():
        note(
            "尚未发布数据仓库，请运行 yusuan build；发布后页面自动打开。 "
            "Nothing is published yet: run yusuan build; the pages follow by themselves."
        )
    address = make_address(free_port)
    console.print(f"仪表盘 Dashboard: [bold]{address}[/] · Ctrl+C 结束 to stop", soft_wrap=True)
    console.print(f"数据文件 File: {describe_path(published)}", soft_wrap=True)
    if is_browser_opened:
        webbrowser.open(address)
    _wait(server)


def _wait(server: subprocess.Popen[bytes]) -> None:
    """Wait for the end of the server, or end it when this process is told to end."""

    def stop(*_: object) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    try:
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return
    if code not in (0, -signal.SIGTERM):
        fail(f"仪表盘意外结束（{code}）。 The dashboard ended unexpectedly ({code}).")
        raise typer.Exit(EXIT_FAILED)
