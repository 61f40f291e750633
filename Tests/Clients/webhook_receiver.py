"""A real receiver of webhooks, which checks signatures with the standard's own library and answers as it is told."""

import http.server
import threading
import time

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver:
    """Answers with the statuses of `plan` in turn, then with 200; a status may come with seconds to wait and headers."""

    def __init__(self, plan=()):
        self.plan, self.secret, self.seen = list(plan), None, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, seconds, headers = receiver.plan.pop(0) if receiver.plan else (200, 0, {})
                receiver.seen.append((dict(self.headers.items()), body, status, receiver.believes(self.headers, body)))
                time.sleep(seconds)
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass  # the sender waited no longer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def believes(self, headers, body):
        try:
            Webhook(self.secret).verify(body, {name.lower(): value for name, value in headers.items()})
            return True
        except (WebhookVerificationError, ValueError, TypeError, RuntimeError):
            return False

    def wait(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and len(self.seen) < count:
            time.sleep(0.1)
        return self.seen

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
