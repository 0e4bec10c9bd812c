"""Shows who is connected to a crier and sends everyone a message.

    announce.py [--address HOST:PORT] MESSAGE
"""

import argparse
import sys
import time

import grpc

from crier.v1 import control_pb2, control_pb2_grpc

TIMEOUT_SECONDS = 10


def clients(control):
    """Every connected client, page by page."""
    request = control_pb2.ListClientsRequest()
    while True:
        page = control.ListClients(request, timeout=TIMEOUT_SECONDS)
        yield from page.clients
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


def announce(control, message):
    for client in clients(control):
        age = max(0, time.time() - client.connect_time.ToNanoseconds() / 1e9)
        print(f"{client.client_id}  {client.remote_address}  connected {age:.0f} s ago")

    # The payload is bytes; the listener's framing (a line end, a length) is added by crier.
    answer = control.Broadcast(
        control_pb2.BroadcastRequest(payload=message.encode()), timeout=TIMEOUT_SECONDS)
    print(f"matched {answer.matched}, queued {answer.queued}")
    for drop in answer.dropped:
        print(f"dropped {drop.count}: {control_pb2.DropReason.Name(drop.reason)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--address", default="127.0.0.1:50051", help="crier's control API")
    parser.add_argument("message")
    options = parser.parse_args()
    with grpc.insecure_channel(options.address) as channel:
        try:
            announce(control_pb2_grpc.ControlStub(channel), options.message)
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
