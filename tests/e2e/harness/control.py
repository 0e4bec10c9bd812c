"""The control API through generated code."""

import grpc
from crier.v1 import control_pb2, control_pb2_grpc

from .process import TIMEOUT_SECONDS


class Control:
    """A channel to one crier."""

    def __init__(self, crier):
        self.channel = grpc.insecure_channel(crier.control)
        self.stub = control_pb2_grpc.ControlStub(self.channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def broadcast(self, payload, **fields):
        return self.stub.Broadcast(control_pb2.BroadcastRequest(payload=payload, **fields),
                                   timeout=TIMEOUT_SECONDS)

    def list(self):
        return self.stub.ListClients(control_pb2.ListClientsRequest(page_size=1000),
                                     timeout=TIMEOUT_SECONDS).clients

    def get(self, client_id):
        return self.stub.GetClient(control_pb2.GetClientRequest(client_id=client_id),
                                   timeout=TIMEOUT_SECONDS)

    def health(self, service=""):
        """As grpc.health.v1 answers: 1 is SERVING, 2 is NOT_SERVING."""
        call = self.channel.unary_unary("/grpc.health.v1.Health/Check")
        name = service.encode()
        request = bytes([0x0A, len(name)]) + name if name else b""
        answer = call(request, timeout=TIMEOUT_SECONDS)
        return answer[1] if answer else 0


def wait_for_clients(crier, control, count):
    """A connection is a client only after crier has accepted it."""
    from .ops import wait_for_metrics
    wait_for_metrics(crier, lambda found: found.sum("crier_connections") == count)
    return control.list() if control else None
