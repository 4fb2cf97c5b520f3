"""Brokers that refuse, that are somebody else, or that are none; and encryption."""

import asyncio
import contextlib
import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typing_extensions import override

from bot.adapters.mqtt import client_library
from bot.adapters.mqtt.client_library import LinkError, Retained, client_tls, connected
from bot.app.status import PublishingState
from bot.bootstrap.publishing import mqtt_plan
from bot.settings.problems import ConfigurationError
from bot.settings.run import MqttSettings
from tests.support.ib_client import until
from tests.support.mosquitto import Recorder, mosquitto, need_mosquitto, passwords, recording
from tests.support.processes import free_port
from tests.support.publishing import address, published

WILL = Retained("alvh/will", b"offline")
WRONG = "zqx-wrong-password"


async def refusal_of(port: int, **more: object) -> str:
    """Return why no connection comes about."""
    with pytest.raises(LinkError) as caught:
        async with connected(address(port, **more), WILL):
            pass
    return str(caught.value)


class Stranger(asyncio.Protocol):
    """Accepts a connection and says `words`, whatever it hears."""

    def __init__(self, words: bytes, connections: list[asyncio.Transport]) -> None:
        self._words = words
        self._connections = connections

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._connections.append(transport)
        transport.write(self._words)


@contextlib.asynccontextmanager
async def stranger(words: bytes = b"") -> AsyncIterator[int]:
    """Listen with something that is no broker; yield the port."""
    connections: list[asyncio.Transport] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Stranger(words, connections), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for transport in connections:
            transport.abort()
        await asyncio.sleep(0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_library, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(client_library, "HANDSHAKE_SECONDS", 0.3)
    monkeypatch.setattr(client_library, "GREETING_SECONDS", 1.0)


async def test_nobody_there() -> None:
    assert "refused" in (await refusal_of(free_port())).lower()


async def test_a_wrong_password_is_said_once_and_never_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    with mosquitto(folder, *passwords(folder, bot="the right one")) as broker:
        to = address(broker.port, username="bot", password=WRONG)
        async with published(tmp_path / "j.sqlite", to) as rig:
            rig.tell()
            await until(lambda: broker.log.count("not authorised") > 2)
            condition = rig.publisher.condition()
            assert condition.state is PublishingState.WAITING
            assert "user name or password is wrong" in condition.trouble
    assert caplog.text.count("user name or password is wrong") == 1
    assert WRONG not in caplog.text + repr(condition) + repr(to) + str(to)


@pytest.mark.usefixtures("impatient")
async def test_one_that_says_nothing_is_given_up() -> None:
    async with stranger() as port:
        assert "no greeting" in await refusal_of(port)


@pytest.mark.usefixtures("impatient")
async def test_one_that_says_nothing_to_a_tls_greeting_is_given_up() -> None:
    async with stranger() as port:
        assert "timed out" in await refusal_of(port, tls=client_tls(None))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("words", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 40, b"\xff" * 40])
async def test_one_that_speaks_something_else_is_no_broker(words: bytes) -> None:
    async with stranger(words) as port:
        assert await refusal_of(port)


def repeated(recorder: Recorder) -> set[object]:
    """Return the events of which a copy marked as repeated was heard."""
    return {event["sequence"] for event in recorder.events() if event["repeat"]}


@pytest.mark.usefixtures("impatient")
async def test_a_broker_that_stops_answering_is_left_and_what_was_in_doubt_is_marked(
    tmp_path: Path,
) -> None:
    """The socket stays open: only an acknowledgement that does not come shows it."""
    with mosquitto(tmp_path / "broker") as broker, recording(broker) as recorder:
        async with published(tmp_path / "j.sqlite", address(broker.port)) as rig:
            rig.tell()
            await rig.done()
            await until(lambda: recorder.last("state") is not None)  # nothing else is on its way
            in_doubt = rig.stored()[-1].sequence + 1
            broker.freeze()
            rig.tell()
            await until(lambda: "acknowledged" in rig.publisher.condition().trouble)
            broker.thaw()
            await rig.done()
            assert rig.publisher.condition().reconnects >= 1
            stored = [one.sequence for one in rig.stored()]
        # the broker may pass on what its old socket held before the repetition
        await until(lambda: in_doubt in repeated(recorder))
        await until(lambda: {event["sequence"] for event in recorder.events()} >= set(stored))
    heard = recorder.events()
    assert list(dict.fromkeys(event["sequence"] for event in heard)) == stored
    # the broker may take the first of two copies from its old socket after the second
    unmarked = [event["sequence"] for event in heard if not event["repeat"]]
    assert len(unmarked) == len(set(unmarked))


class Papers:
    """An authority of our own, and a certificate of it for this host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.authority = self._issue("ca", "/CN=An authority of our own")
        self.server = self._issue("server", "/CN=localhost", "ca")
        self.client = self._issue("client", "/CN=bot", "ca")

    def _issue(self, name: str, subject: str, by: str = "") -> Path:
        certificate = self.folder / f"{name}.pem"
        command: list[str | Path] = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", subject, "-keyout", self.key(name), "-out", certificate,
        ]  # fmt: skip
        if by:
            command += ["-CA", self.folder / f"{by}.pem", "-CAkey", self.key(by)]
            command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            command += ["-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(command, check=True, capture_output=True)
        return certificate

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def options(self, *more: str) -> list[str]:
        """Return the options of a broker that shows its certificate."""
        return [
            f"cafile {self.authority}",
            f"certfile {self.server}",
            f"keyfile {self.key('server')}",
            *more,
        ]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    need_mosquitto()
    if shutil.which("openssl") is None:
        assert os.environ.get("CI") != "true", "needs openssl"
        pytest.skip("needs openssl")
    return Papers(tmp_path_factory.mktemp("tls") / "papers")


async def test_events_are_published_over_tls(tmp_path: Path, papers: Papers) -> None:
    with (
        mosquitto(tmp_path / "broker", *papers.options()) as broker,
        recording(broker, "--cafile", str(papers.authority)) as recorder,
    ):
        to = address(broker.port, tls=client_tls(str(papers.authority)))
        async with published(tmp_path / "j.sqlite", to) as rig:
            rig.tell()
            await rig.done()
            stored = rig.stored()
        await until(lambda: len(recorder.events()) == len(stored))


async def test_a_certificate_of_another_authority_is_refused(
    tmp_path: Path, papers: Papers
) -> None:
    with mosquitto(tmp_path / "broker", *papers.options()) as broker:
        assert "certificate verify failed" in await refusal_of(broker.port, tls=client_tls(None))


@pytest.mark.usefixtures("impatient")
async def test_a_broker_may_want_our_certificate(tmp_path: Path, papers: Papers) -> None:
    options = papers.options("require_certificate true")
    with mosquitto(tmp_path / "broker", *options) as broker:
        plain = client_tls(str(papers.authority))
        assert await refusal_of(broker.port, tls=plain)
        plain.load_cert_chain(papers.client, papers.key("client"))
        async with connected(address(broker.port, tls=plain), WILL) as link:
            await link.publish("alvh/hello", b"{}")


async def test_the_settings_name_what_encryption_needs(tmp_path: Path, papers: Papers) -> None:
    settings = MqttSettings(
        enabled=True,
        tls=True,
        ca_file=papers.authority,
        cert_file=papers.client,
        key_file=papers.key("client"),
    )
    with mosquitto(tmp_path / "broker", *papers.options("require_certificate true")) as broker:
        plan = mqtt_plan(settings.model_copy(update={"port": broker.port}))
        assert plan is not None
        async with connected(plan.address, WILL) as link:
            await link.publish("alvh/hello", b"{}")


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path, papers: Papers) -> None:
    junk, locked = tmp_path / "junk.pem", tmp_path / "locked.key"
    junk.write_text("no certificate")
    encrypt = ["openssl", "rsa", "-aes128", "-passout", "pass:open", "-out", str(locked)]
    subprocess.run([*encrypt, "-in", papers.key("client")], check=True, capture_output=True)
    trouble: list[tuple[dict[str, Path], str]] = [
        ({"ca_file": tmp_path / "none.pem"}, "mqtt.ca_file"),
        ({"ca_file": junk}, "mqtt.ca_file"),
        ({"cert_file": tmp_path / "none.pem"}, "mqtt.cert_file"),
        ({"cert_file": papers.client, "key_file": junk}, "mqtt.cert_file"),
        ({"cert_file": papers.client, "key_file": locked}, "mqtt.cert_file"),
    ]
    for files, place in trouble:
        with pytest.raises(ConfigurationError) as caught:
            mqtt_plan(MqttSettings(enabled=True, tls=True).model_copy(update=files))
        assert [problem.place for problem in caught.value.problems] == [place]


def test_nothing_is_planned_where_publishing_is_off() -> None:
    assert mqtt_plan(MqttSettings()) is None


def test_an_authority_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        client_tls(str(tmp_path / "none.pem"))
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        client_tls(str(tmp_path / "ca.pem"))
