"""Checks of picture files that several tests share."""
import os
import struct


def size_of(path):
    """Returns (width, height) in pixels of a PNG file; asserts that they and the file's size are in a usable range."""
    with open(str(path), "rb") as picture:
        head = picture.read(24)
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR"
    width, height = struct.unpack(">II", head[16:24])
    assert 400 <= width <= 3000 and 400 <= height <= 3000
    assert 10000 < os.path.getsize(str(path)) < 400000
    return width, height
