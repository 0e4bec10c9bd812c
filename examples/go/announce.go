// Announce shows who is connected to a crier and sends everyone a message.
//
//	announce [-address HOST:PORT] MESSAGE
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	crierv1 "crier/v1"
)

const timeout = 10 * time.Second

func main() {
	address := flag.String("address", "127.0.0.1:50051", "crier's control API")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: announce [-address HOST:PORT] MESSAGE")
		os.Exit(2)
	}
	if err := announce(*address, flag.Arg(0)); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", status.Code(err), status.Convert(err).Message())
		os.Exit(1)
	}
}

func announce(address, message string) error {
	connection, err := grpc.Dial(address, grpc.WithInsecure())
	if err != nil {
		return err
	}
	defer connection.Close()
	control := crierv1.NewControlClient(connection)

	if err := printClients(control); err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	// The payload is bytes; the listener's framing (a line end, a length) is added by crier.
	answer, err := control.Broadcast(ctx, &crierv1.BroadcastRequest{Payload: []byte(message)})
	if err != nil {
		return err
	}
	fmt.Printf("matched %d, queued %d\n", answer.GetMatched(), answer.GetQueued())
	for _, drop := range answer.GetDropped() {
		fmt.Printf("dropped %d: %s\n", drop.GetCount(), drop.GetReason())
	}
	return nil
}

// printClients shows every connected client, page by page.
func printClients(control crierv1.ControlClient) error {
	request := &crierv1.ListClientsRequest{}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		page, err := control.ListClients(ctx, request)
		cancel()
		if err != nil {
			return err
		}
		for _, client := range page.GetClients() {
			age := time.Since(client.GetConnectTime().AsTime()).Round(time.Second)
			fmt.Printf("%s  %s  connected %s ago\n", client.GetClientId(), client.GetRemoteAddress(), age)
		}
		if page.GetNextPageToken() == "" {
			return nil
		}
		request.PageToken = page.GetNextPageToken()
	}
}
