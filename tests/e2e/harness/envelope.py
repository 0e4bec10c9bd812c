"""What clients of a listener with codec envelope say, in framing length."""

import struct

from crier.v1 import frame_pb2


def envelope(**kind):
    data = frame_pb2.ClientFrame(**kind).SerializeToString()
    return struct.pack(">I", len(data)) + data
