#!/usr/bin/env python3
"""The Byssus wire, version 0, a second time: written from protocol/README.md on Python's standard library.

  byssus_wire.py --vectors DIR                                   check itself against the test vectors
  byssus_wire.py --node HOST:PORT --name NAME [--room ROOM] [--say TEXT]... [--expect N] [--timeout SECONDS]
                                                                 talk to a node; prints `sender: text`
"""
import argparse, json, math, pathlib, re, secrets, socket, struct, sys, time

PREFACE = b"\xf5BYSS\r\n\x00"
MAX_NUMBER, MAX_JSON, MAX_DEPTH, MAX_FRAME, EARLY_FRAME = 2**53 - 1, 65536, 8, 262144, 16384
TYPES = dict(hello=1, welcome=2, ping=3, pong=4, ack=5, goaway=6, close=7, subscribe=0x81, unsubscribe=0x82,
             subscribed=0x83, publish=0x84, receipt=0x85, message=0x86, direct=0x87, gap=0x88, call=0x8a,
             reply=0x8b, error=0x8c, presence=0xc9)
NAMES = {number: name for name, number in TYPES.items()}
CONTINUED = {"publish", "message", "direct", "call", "reply"}
# Binary bodies: q a number, b a byte, h a u16, n a short name, o one that may be empty, * the rest.
BINARY = {"ping": "q:nonce q:received", "pong": "q:nonce q:received", "ack": "q:received",
          "close": "h:code r:reason",
          "publish": "q:publisher q:number b:kind n:room *:payload",
          "message": "q:offset b:kind n:room o:sender *:payload", "direct": "b:kind n:name *:payload",
          "call": "q:id b:kind n:name *:payload", "reply": "q:id b:kind *:payload"}
BINARY = {name: [field.split(":") for field in fields.split()] for name, fields in BINARY.items()}


class Violation(Exception):
    """The peer broke the protocol; `code` is the close code's name."""
    def __init__(self, code, reason=""):
        super().__init__(f"{code}: {reason}")
        self.code = code


def require(claim, code, reason=""):
    if not claim:
        raise Violation(code, reason)


def check_name(raw):
    """Returns the name of a room or client as text."""
    require(0 < len(raw) <= 255, "bad_name", "length")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Violation("bad_name", "not UTF-8") from None
    require(not re.search("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text), "bad_name", "control")
    return text


# JSON bodies: what each field must be. A key that ends in ? may be absent.
def number(least=0, most=MAX_NUMBER):
    return lambda v: require(type(v) is int and least <= v <= most, "shape", "number")
def kind_of(kind):
    return lambda v: require(type(v) is kind, "shape", "type")
def name(v):
    kind_of(str)(v)
    check_name(v.encode())
def name_or_empty(v):
    return v == "" or name(v)
def matching(pattern):
    return lambda v: require(type(v) is str and re.fullmatch(pattern, v), "shape", "word")
def listed(item, most):
    return lambda v: (kind_of(list)(v), require(len(v) <= most, "shape", "items"), [item(x) for x in v])
def shaped(fields):
    def known(v):
        """The fields that this version knows."""
        kind_of(dict)(v)
        found = {}
        for key, rule in ((key.rstrip("?"), rule) for key, rule in fields.items() if not key.endswith("?") or key[:-1] in v):
            require(key in v, "shape", f"{key} is missing")
            inner = rule(v[key])
            found[key] = inner if type(inner) is dict else v[key]
        return found
    return known


POSITION = {"epoch": number(), "offset": number()}
FEATURES = listed(matching("[a-z0-9_.-]{1,32}"), 32)
WINDOW = shaped({"frames": number(1, 10**6), "bytes": number(1024, 2**30)})
TOKEN, WORD, REMARK = "[!-~]", matching("[a-z0-9_]{1,64}"), kind_of(str)
JSON = {
    "hello": {"features": FEATURES, "heartbeat": number(10, 86400000), "publisher": number(), "name": name_or_empty,
              "window?": WINDOW, "resume?": shaped({"token": matching(TOKEN + "{0,128}"), "received": number(),
                                                    "attempt": number(1)})},
    "welcome": {"features": FEATURES, "heartbeat": number(10, 86400000), "name": name_or_empty, "window": WINDOW,
                "limits": shaped({"frame_bytes": number(1024, MAX_FRAME), "message_bytes": number(1024, 2**30)}),
                "session": matching(TOKEN + "{0,128}"), "resumed": kind_of(bool), "received": number(),
                "reason?": REMARK},
    "goaway": {"code": number(4000, 4999), "return_window": number(0, 3600000), "endpoints": listed(name, 16),
               "resumable": kind_of(bool)},
    "subscribe": {"room": name, "since?": shaped(POSITION)}, "unsubscribe": {"room": name},
    "subscribed": {"room": name, **POSITION}, "receipt": {"number": number(), "room": name, **POSITION},
    "gap": {"room": name, "from": number(), "to": number(), "reason?": REMARK},
    "error": {"about": WORD, "number?": number(), "room?": name, "code": WORD, "reason?": REMARK},
    "presence": {"room": name, "count": number(), "names": listed(name, 100)},
    "presence request": {"room": name},
}


def depth(text):
    """How deep objects and arrays nest, whether the text is JSON or not."""
    level = deepest = 0
    for token in re.findall(r'"(?:\\.|[^"\\])*(?:"|$)|[\[{]|[\]}]', text, re.S):
        level += {"{": 1, "[": 1, "}": -(level > 0), "]": -(level > 0)}.get(token, 0)
        deepest = max(deepest, level)
    return deepest


def parse_json(kind, body):
    def refuse(text):
        raise ValueError(text)
    def finite(text):
        return float(text) if math.isfinite(float(text)) else refuse(text)
    require(len(body) <= MAX_JSON, "json_too_large")
    require(depth(body.decode("latin-1")) <= MAX_DEPTH, "json_too_deep")
    try:
        fields = json.loads(body.decode("utf-8"), parse_constant=refuse, parse_float=finite)
        json.dumps(fields, ensure_ascii=False).encode()  # refuses lone surrogates
    except ValueError:
        raise Violation("bad_json") from None
    require(type(fields) is dict, "bad_json", "not an object")
    try:
        fields = shaped(JSON[kind])(fields)
        require(kind != "gap" or fields["from"] <= fields["to"], "shape")
    except Violation as broken:
        if broken.code == "shape":
            raise Violation("bad_hello" if kind in ("hello", "welcome") else "bad_body", str(broken)) from None
        raise
    return fields


def parse_binary(kind, body):
    fields = {}
    def take(count):
        nonlocal body
        require(len(body) >= count, "bad_body", "too short")
        taken, body = body[:count], body[count:]
        return taken
    for code, field in BINARY[kind]:
        if code == "q":
            fields[field], = struct.unpack(">Q", take(8))
        elif code in "bh":
            fields[field] = int.from_bytes(take(1 if code == "b" else 2), "big")
        elif code in "no":
            fields[field] = take(take(1)[0])
        else:
            rest = take(len(body))
            fields[field] = rest.decode("utf-8", "replace")[:120] if code == "r" else rest.hex()
    require(not body, "bad_body", "too long")
    for code, field in BINARY[kind]:  # numbers and names are judged once all fields are there
        require(code != "q" or fields[field] <= MAX_NUMBER, "bad_body", "above 2^53-1")
        if code in "no":
            fields[field] = "" if code == "o" and not fields[field] else check_name(fields[field])
    require(kind != "close" or 4000 <= fields["code"] <= 4999, "bad_body", "close code")
    return fields


def parse(kind, body, sender="node"):
    """The fields of a body. Payloads are hex."""
    if kind in BINARY:
        return parse_binary(kind, body)
    return parse_json("presence request" if kind == "presence" and sender == "client" else kind, body)


def encode_body(kind, fields):
    if kind not in BINARY:
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    body = b""
    for code, field in BINARY[kind]:
        value = fields[field]
        if code in "qbh":
            body += value.to_bytes({"q": 8, "b": 1, "h": 2}[code], "big")
        elif code in "no":
            body += bytes([len(value.encode())]) + value.encode()
        else:
            body += value.encode() if code == "r" else bytes.fromhex(value)
    return body


def encode(kind, fields, flags=0):
    body = encode_body(kind, fields)
    return struct.pack(">IBB", len(body), TYPES[kind], flags) + body


class Decoder:
    """Cuts bytes into (type name or number, flags, body)."""
    def __init__(self, limit=EARLY_FRAME):
        self.limit, self.buffer = limit, b""

    def feed(self, data):
        self.buffer += data
        while len(self.buffer) >= 6:
            length, number, flags = struct.unpack(">IBB", self.buffer[:6])
            kind = NAMES.get(number, number)
            require(6 + length <= self.limit, "frame_too_large")
            require(kind in TYPES or number & 0x40, "unknown_type")
            require(kind not in TYPES or flags & ~(kind in CONTINUED) == 0, "protocol_error", "flags")
            if len(self.buffer) < 6 + length:
                return
            body, self.buffer = self.buffer[6:6 + length], self.buffer[6 + length:]
            yield kind, flags, body


class Reassembler:
    """Puts continued frames together; answers (type, body) for what is whole, None otherwise."""
    def __init__(self, limit=2**20):
        self.limit, self.kind, self.body = limit, None, b""

    def feed(self, kind, flags, body):
        if not (TYPES.get(kind, kind) & 0x80):
            return kind, body
        require(self.kind in (None, kind), "protocol_error", "a frame between continued ones")
        require(len(self.body) + len(body) <= self.limit, "message_too_large")
        self.kind, self.body = kind, self.body + body
        if kind in TYPES and flags & 1:
            return None
        whole, self.kind, self.body = (self.kind, self.body), None, b""
        return whole


class Client:
    """A blocking client for tests: hello, subscribe, publish, receive, ping."""
    def __init__(self, host, port, name, heartbeat=5000, timeout=10.0, window=None):
        self.socket = socket.create_connection((host, port), timeout)
        self.decoder, self.reassembler, self.inbox = Decoder(), Reassembler(), []
        self.timeout, self.publisher, self.number, self.handed = timeout, secrets.randbelow(MAX_NUMBER) + 1, 0, 0
        fields = {"features": [], "heartbeat": heartbeat, "name": name, "publisher": self.publisher}
        self.socket.sendall(PREFACE + encode("hello", {**fields, **({"window": window} if window else {})}))
        self.welcome = self.expect("welcome")

    def send(self, kind, /, **fields):
        self.socket.sendall(encode(kind, fields))

    def receive(self, deadline=None):
        """The next (type, fields); pings are answered and counted frames acknowledged on the way."""
        deadline = deadline or time.monotonic() + self.timeout
        while not self.inbox:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("the node closed the connection")
            before = self.handed
            for kind, flags, body in self.decoder.feed(data):
                self.handed += bool(TYPES.get(kind, kind) & 0x80)
                whole = self.reassembler.feed(kind, flags, body)
                if whole and whole[0] in TYPES:
                    self.take(*whole)
            if self.handed != before:
                self.send("ack", received=self.handed)
        return self.inbox.pop(0)

    def take(self, kind, body):
        fields = parse(kind, body)
        if kind == "welcome":
            self.decoder.limit = MAX_FRAME
        if kind == "ping":
            self.send("pong", nonce=fields["nonce"], received=self.handed)
        elif kind != "ack":
            self.inbox.append((kind, fields))

    def expect(self, wanted):
        """The fields of the next frame of this type; close is an error, others before it are kept for later."""
        passed, deadline = [], time.monotonic() + self.timeout
        while True:
            kind, fields = self.receive(deadline)
            if kind == wanted:
                self.inbox = passed + self.inbox
                return fields
            if kind == "close":
                raise ConnectionError(f"closed with {fields['code']}: {fields['reason']}")
            passed.append((kind, fields))

    def subscribe(self, room, since=None):
        self.send("subscribe", room=room, **({"since": since} if since else {}))
        return self.expect("subscribed")

    def publish(self, room, text, wait=True):
        self.number += 1
        self.send("publish", publisher=self.publisher, number=self.number, kind=1, room=room,
                  payload=text.encode().hex())
        return self.expect("receipt") if wait else None

    def ping(self):
        """Round trip in seconds."""
        nonce, start = secrets.randbelow(MAX_NUMBER), time.monotonic()
        self.send("ping", nonce=nonce, received=self.handed)
        require(self.expect("pong")["nonce"] == nonce, "protocol_error", "nonce")
        return time.monotonic() - start

    def close(self, code=4000, reason=""):
        self.send("close", code=code, reason=reason)
        self.socket.close()


def decode_all(vector, pieces):
    """What a vector's bytes, cut into pieces, decode to: (frames, whole bodies, violation's code or None)."""
    decoder, reassembler = Decoder(vector.get("limit", MAX_FRAME)), Reassembler(vector.get("message_limit", 2**20))
    frames, whole = [], []
    try:
        for piece in pieces:
            for kind, flags, body in decoder.feed(piece):
                frames.append({"type": kind, "flags": flags})
                done = reassembler.feed(kind, flags, body)
                if done and done[0] in TYPES:
                    whole.append({"type": done[0], "fields": parse(*done, vector["from"])})
    except Violation as broken:
        return frames, whole, broken.code
    return frames, whole, None


def check_vector(vector):
    data = bytes.fromhex("".join(vector["hex"]))
    wanted = vector.get("frames", []), vector.get("whole", []), vector.get("violation")
    cuts = [[data], [data[i:i + 1] for i in range(len(data))]] + [[data[:i], data[i:]] for i in range(len(data))]
    for pieces in cuts if len(data) < 2000 else cuts[:1]:
        got = decode_all(vector, pieces)
        assert got == wanted, f"{vector['name']}: {got}"
    if vector.get("canonical"):
        again = b"".join(encode(whole["type"], whole["fields"]) for whole in vector["whole"])
        assert again == data, f"{vector['name']}: encoded as {again.hex()}"


def check_vectors(folder):
    count = 0
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        for vector in file.get("vectors", []):
            check_vector(vector)
        for case in file.get("names", []):
            try:
                check_name(bytes.fromhex(case["hex"]))
                valid = True
            except Violation:
                valid = False
            assert valid == case["valid"], case
        count += len(file.get("vectors", [])) + len(file.get("names", []))
    assert count > 0, f"no vectors in {folder}"
    print(f"{count} vectors pass")


def chat(options):
    host, _, port = options.node.rpartition(":")
    client = Client(host, int(port), options.name, timeout=options.timeout)
    client.subscribe(options.room)
    for text in options.say:
        client.publish(options.room, text)
    print(f"ping {client.ping() * 1000:.1f} ms", file=sys.stderr)
    for _ in range(options.expect):
        message = client.expect("message")
        print(f"{message['sender']}: {bytes.fromhex(message['payload']).decode()}", flush=True)
    client.close(reason="done")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag, default in ("--vectors", None), ("--node", None), ("--name", "python"), ("--room", "lobby"):
        options.add_argument(flag, default=default)
    options.add_argument("--say", action="append", default=[], metavar="TEXT")
    options.add_argument("--expect", type=int, default=0, metavar="N")
    options.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS")
    chosen = options.parse_args()
    if chosen.vectors:
        check_vectors(chosen.vectors)
    elif chosen.node:
        chat(chosen)
    else:
        options.error("either --vectors or --node")


if __name__ == "__main__":
    main()
