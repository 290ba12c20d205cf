"""Drives a stock Firefox over WebDriver BiDi, which it speaks itself: no driver program, no patched browser.

Only what a test of the built pages needs: open a page, run a script in it, and remember what the console said and
which hosts were asked. Other hosts cannot be reached: their requests go to a proxy that is not there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
from typing import Any
from urllib.parse import urlsplit

import websocket

SETTINGS = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A Firefox with one tab. `complaints` must be empty when a test ends."""

    def __init__(self, program: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="firefox-profile-")
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in SETTINGS.items()]
        with open(f"{self.profile}/user.js", "w", encoding="utf-8") as out:
            out.write("\n".join(lines))
        command = [program, "--headless", "--no-remote", "--profile", self.profile, "--remote-debugging-port=0"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.asked, self.messages, self.sent, self.socket = [], [], 0, None
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> None:
        address, said = None, ""
        late = threading.Timer(90, self.process.kill)
        late.start()
        for line in self.process.stderr:
            said += line
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
            if found:
                address = found[1]
                break
        late.cancel()
        assert address, f"Firefox does not start:\n{said[-2000:]}"
        # It writes on: an unread pipe would stop it one day.
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()
        self.socket = websocket.create_connection(f"{address}/session", timeout=120, suppress_origin=True)
        self.version = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.sent += 1
        number = self.sent
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", f"{method}: {answer.get('error')}: {answer.get('message')}"
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "network.beforeRequestSent":
            self.asked.append(params["request"]["url"])
        elif event.get("method") == "log.entryAdded" and params["level"] in ("error", "warn"):
            self.messages.append(f"{params['level']}: {params['text']}")

    def open(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def run(self, script: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the page, wait for it, and give its answer, which is a JSON value."""
        wrapped = f"async text => JSON.stringify(await ({script})(...JSON.parse(text)))"
        answer = self.call(
            "script.callFunction",
            functionDeclaration=wrapped,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self.tab},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer.get("exceptionDetails", {}).get("text")
        return json.loads(answer["result"]["value"]) if "value" in answer["result"] else None

    def complaints(self, base: str) -> list[str]:
        """What was said or asked for since the last call and should not have been."""
        host = urlsplit(base).netloc
        self.call("session.status")  # what was said so far has come
        local = ("data:", "blob:", "about:", "chrome:", "resource:")
        foreign = [url for url in self.asked if not url.startswith(local) and urlsplit(url).netloc != host]
        said = [f"request to another host: {url}" for url in foreign] + self.messages
        self.asked, self.messages = [], []
        return said

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)
