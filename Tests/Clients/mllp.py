"""A plain MLLP client: frames out, frames in, over a real socket."""

import socket

START, END = b"\x0b", b"\x1c\x0d"


class MLLP:
    def __init__(self, port, timeout=15):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.rest = b""

    def send(self, message):
        data = message if isinstance(message, bytes) else message.encode()
        self.socket.sendall(START + data + END)

    def receive(self):
        """The next message as text, or nothing when the other side closed."""
        while END not in self.rest:
            got = self.socket.recv(65536)
            if not got:
                return None
            self.rest += got
        frame, self.rest = self.rest.split(END, 1)
        return frame.lstrip(START).decode()

    def ask(self, message):
        self.send(message)
        return Answer(self.receive())

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Answer:
    """An acknowledgement by segment name; fields counted as HL7 counts them."""

    def __init__(self, text):
        self.text = text or ""
        self.segments = [line.split("|") for line in self.text.split("\r") if line]

    def all(self, name):
        return [segment for segment in self.segments if segment[0] == name]

    def field(self, name, number):
        for segment in self.all(name):
            number = number - 1 if name == "MSH" else number
            return segment[number] if number < len(segment) else ""
        return None

    @property
    def code(self):
        return self.field("MSA", 1)

    @property
    def control(self):
        return self.field("MSA", 2)

    @property
    def kind(self):
        return self.field("MSH", 9)
