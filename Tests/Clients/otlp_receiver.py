"""A receiver of traces in a process of its own: takes OTLP over HTTP as JSON and keeps each call as a line of a file."""

import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import time


class Collector:
    """Answers each call with `status`."""

    def __init__(self, port, status=200):
        self.file = pathlib.Path(tempfile.mkdtemp(prefix="baton-otlp-")) / "calls"
        self.file.touch()
        self.port = port
        self.process = subprocess.Popen([sys.executable, __file__, str(port), str(self.file), str(status)], stdin=subprocess.DEVNULL)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def calls(self):
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def spans(self):
        """Every span that came so far, with its resource's attributes."""
        found = []
        for call in self.calls():
            for resource in call["body"]["resourceSpans"]:
                names = {item["key"]: item["value"]["stringValue"] for item in resource["resource"]["attributes"]}
                for scope in resource["scopeSpans"]:
                    found += [{**span, "resource": names} for span in scope["spans"]]
        return found

    def wait(self, condition, seconds=20):
        """The spans, as soon as they meet a condition."""
        deadline = time.monotonic() + seconds
        while True:
            spans = self.spans()
            if condition(spans) or time.monotonic() > deadline:
                return spans
            time.sleep(0.2)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def main():
    port, path, status = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with open(path, "a") as file:
                file.write(json.dumps({"path": self.path, "headers": dict(self.headers.items()), "body": body}) + "\n")
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
