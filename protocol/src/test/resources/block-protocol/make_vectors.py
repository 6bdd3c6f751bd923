"""Makes the test vectors of the block protocol from its specification alone. Run by hand: python3 make_vectors.py"""
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def seal(head):
    return head + struct.pack("<I", crc32c(head))


def hello(low, high, features, token):
    return seal(b"HEADRACE" + struct.pack("<HHHHQI", low, high, len(token), 0, features, 0)) + token


def welcome(version, status, features, files, requests, message):
    return seal(b"HEADRACE" + struct.pack("<HHHHQHH", version, status, len(message), 0, features, files, requests)) + message


def request(opcode, reason, reach, exponent, id, file, deadline, offset, length, body):
    head = struct.pack("<BBBBIQIIQQI", opcode, reason, reach, exponent, len(body), id, file, deadline, offset, length, crc32c(body) if body else 0)
    return seal(head) + body


def response(opcode, last, status, id, position, payload, spread=0):
    head = struct.pack("<BBHIQQI", opcode, (1 if last else 0) | spread << 4, status, len(payload), id, position, crc32c(payload) if payload else 0)
    return seal(head) + payload


def version(mount, length, tag, key):
    return struct.pack(">QQ", int(mount, 16), length) + tag + key


def entity(text):
    return b"\x01" + struct.pack(">I", len(text)) + text


def modified(nanos, file_id):
    return b"\x02" + struct.pack(">qq", nanos, file_id)


def write(name, vectors):
    (HERE / name).write_text(json.dumps(vectors, indent=2) + "\n")


MOUNT = "0123456789abcdef"
ETAG = version(MOUNT, 8388608, entity(b'"v1"'), b"llama/model.safetensors")
MTIME = version("ffffffffffffffff", 5, modified(1700000000123456789, 42), b"a\xffb")

write("hello.json", [
    {"name": "without a token", "lowestVersion": "1", "highestVersion": "1", "features": "0", "token": "",
     "frame": hello(1, 1, 0, b"").hex()},
    {"name": "with a token, of several versions", "lowestVersion": "1", "highestVersion": "3", "features": "5",
     "token": b"secret".hex(), "frame": hello(1, 3, 5, b"secret").hex()},
])
write("welcome.json", [
    {"name": "accepted", "status": "OK", "version": "1", "features": "0", "mostFiles": "256", "mostRequests": "16",
     "message": "", "frame": welcome(1, 0, 0, 256, 16, b"").hex()},
    {"name": "accepted, with hints of hot blocks", "status": "OK", "version": "1", "features": "1", "mostFiles": "256",
     "mostRequests": "16", "message": "", "frame": welcome(1, 0, 1, 256, 16, b"").hex()},
    {"name": "version not spoken", "status": "VERSION_NOT_SPOKEN", "version": "0", "features": "0", "mostFiles": "0",
     "mostRequests": "0", "message": "version 1 only", "frame": welcome(0, 2, 0, 0, 0, b"version 1 only").hex()},
])
write("requests.json", [
    {"name": "open by entity tag", "opcode": "OPEN", "id": "1", "file": "7", "mount": MOUNT, "length": "8388608",
     "entityTag": '"v1"', "key": b"llama/model.safetensors".hex(),
     "frame": request(1, 0, 0, 0, 1, 7, 0, 0, 0, ETAG).hex()},
    {"name": "open by time, key no UTF-8", "opcode": "OPEN", "id": "18446744073709551615", "file": "4294967295",
     "mount": "ffffffffffffffff", "length": "5", "modifiedNanos": "1700000000123456789", "fileId": "42",
     "key": b"a\xffb".hex(), "frame": request(1, 0, 0, 0, 2**64 - 1, 2**32 - 1, 0, 0, 0, MTIME).hex()},
    {"name": "read on demand, from anywhere", "opcode": "READ", "id": "2", "file": "7", "reason": "DEMAND",
     "reach": "ORIGIN", "frameBytes": "1048576", "deadlineMillis": "30000", "offset": "4194304", "length": "4194304",
     "frame": request(2, 0, 2, 20, 2, 7, 30000, 4194304, 4194304, b"").hex()},
    {"name": "read ahead, of what is cached, above 2^32", "opcode": "READ", "id": "3", "file": "8", "reason": "READ_AHEAD",
     "reach": "CACHED", "frameBytes": "4096", "deadlineMillis": "0", "offset": "549755813889", "length": "1",
     "frame": request(2, 1, 0, 12, 3, 8, 0, 549755813889, 1, b"").hex()},
    {"name": "close", "opcode": "CLOSE", "id": "4", "file": "7", "frame": request(3, 0, 0, 0, 4, 7, 0, 0, 0, b"").hex()},
    {"name": "ping", "opcode": "PING", "id": "5", "frame": request(4, 0, 0, 0, 5, 0, 0, 0, 0, b"").hex()},
])
STATUSES = {0: "OK", 1: "BAD_FRAME", 2: "VERSION_NOT_SPOKEN", 3: "UNAUTHORIZED", 4: "OVERLOADED", 5: "SHUTTING_DOWN",
            6: "UNKNOWN_FILE", 7: "NOT_HERE", 8: "DEADLINE_PASSED", 9: "BAD_REQUEST", 10: "WORKER_FAILED",
            32: "ORIGIN_UNAVAILABLE", 33: "ORIGIN_NOT_FOUND", 34: "ORIGIN_VERSION_CHANGED",
            48: "ORIGIN_NO_SUCH_LOCATION", 49: "ORIGIN_FORBIDDEN", 50: "ORIGIN_BAD_CREDENTIALS",
            51: "ORIGIN_CLOCK_SKEW", 52: "ORIGIN_TLS", 53: "ORIGIN_BAD_REQUEST"}
DATA = bytes(i * 31 & 0xFF for i in range(100))
MESSAGE = "zu viel für mich".encode()
write("responses.json", [
    {"name": "data, more to come", "opcode": "READ", "last": "false", "status": "OK", "id": "2", "position": "4194304",
     "payload": DATA.hex(), "frame": response(2, False, 0, 2, 4194304, DATA).hex()},
    {"name": "the last data", "opcode": "READ", "last": "true", "status": "OK", "id": "2", "position": "4194404",
     "payload": "00", "frame": response(2, True, 0, 2, 4194404, b"\0").hex()},
    {"name": "data of a block with four owners for now", "opcode": "READ", "last": "true", "status": "OK", "id": "2",
     "position": "4194404", "spread": "2", "payload": "00", "frame": response(2, True, 0, 2, 4194404, b"\0", 2).hex()},
    {"name": "progress", "opcode": "READ", "last": "false", "status": "OK", "id": "2", "position": "0", "payload": "",
     "frame": response(2, False, 0, 2, 0, b"").hex()},
    {"name": "opened", "opcode": "OPEN", "last": "true", "status": "OK", "id": "1", "position": "0", "payload": "",
     "frame": response(1, True, 0, 1, 0, b"").hex()},
] + [
    {"name": "failed: " + name, "opcode": "READ", "last": "true", "status": name, "id": "9",
     "position": "1500" if code == 32 else "0", "payload": MESSAGE.hex(),
     "frame": response(2, True, code, 9, 1500 if code == 32 else 0, MESSAGE).hex()}
    for code, name in STATUSES.items() if code
])
