"""A real SMTP server in a process of its own (aiosmtpd), which keeps what it receives as files."""

import pathlib
import subprocess
import sys
import tempfile
import time

import harness


class SMTP:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baton-smtp-"))
        self.port = harness.free_port()
        self.process = subprocess.Popen([sys.executable, __file__, str(self.port), str(self.folder)], stdin=subprocess.DEVNULL)

    def wait(self, seconds=10):
        import socket
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise harness.NotServing("the SMTP server of the tests did not start")

    def to(self, address):
        """The messages for one address, as bytes."""
        return [file.read_bytes() for file in sorted(self.folder.glob("*.eml")) if file.name.split("_", 1)[1] == address + ".eml"]

    def stop(self):
        import shutil
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def main(port, folder):
    import asyncio

    from aiosmtpd.controller import Controller

    class Keep:
        number = 0

        async def handle_DATA(self, server, session, envelope):
            for address in envelope.rcpt_tos:
                Keep.number += 1
                part = pathlib.Path(folder) / f"{Keep.number:06d}.part"
                part.write_bytes(envelope.content)
                part.rename(pathlib.Path(folder) / f"{Keep.number:06d}_{address}.eml")
            return "250 kept"

    Controller(Keep(), hostname="127.0.0.1", port=port).start()
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
