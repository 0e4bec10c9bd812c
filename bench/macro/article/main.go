// The design of the article that crier began with: two goroutines for each client, a buffered
// channel between them, and a map of the clients behind a mutex. A broadcast puts the message into
// every channel without waiting, and drops it where the channel is full.
//
//	bench_article [-echo]    -echo: what a client sends, line by line, goes back to it
//
// Speaks to its publishers as the floor does: it prints {"data": "HOST:PORT", "control":
// "HOST:PORT"}; a line that comes in at the control port goes to every client of the data port, the
// line "?" is answered with the number of clients and that of the messages dropped for this
// publisher. Ends with its standard input.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"sync"
)

const (
	queueMessages = 4096
	lineBytesMax  = 2 << 20
)

type client struct {
	connection net.Conn
	queue      chan []byte
}

type server struct {
	echo    bool
	mutex   sync.Mutex
	clients map[*client]struct{}
}

func (s *server) add(c *client) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.clients[c] = struct{}{}
}

// The lock also keeps a broadcast from sending on a closed channel.
func (s *server) remove(c *client) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.clients, c)
	close(c.queue)
}

func (s *server) count() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.clients)
}

// broadcast returns how many clients had no room.
func (s *server) broadcast(message []byte) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	dropped := 0
	for c := range s.clients {
		select {
		case c.queue <- message:
		default:
			dropped++
		}
	}
	return dropped
}

// read is the first goroutine of a client: it ends with the client's input.
func (s *server) read(c *client) {
	defer s.remove(c)
	if !s.echo {
		_, _ = io.Copy(io.Discard, c.connection)
		return
	}
	lines := bufio.NewReader(c.connection)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		c.queue <- line
	}
}

// write is the second one: it ends with the channel, or when the client is gone.
func (s *server) write(c *client) {
	defer c.connection.Close()
	for message := range c.queue {
		if _, err := c.connection.Write(message); err != nil {
			c.connection.Close()
			for range c.queue { // until the reader has noticed
			}
			return
		}
	}
}

func (s *server) serveClients(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		c := &client{connection, make(chan []byte, queueMessages)}
		s.add(c)
		go s.read(c)
		go s.write(c)
	}
}

func (s *server) servePublisher(connection net.Conn) {
	defer connection.Close()
	dropped := 0
	lines := bufio.NewReaderSize(connection, lineBytesMax)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return
		}
		if string(line) == "?\n" {
			fmt.Fprintf(connection, "%d %d\n", s.count(), dropped)
			continue
		}
		dropped += s.broadcast(append([]byte(nil), line...))
	}
}

func (s *server) servePublishers(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go s.servePublisher(connection)
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

func main() {
	echo := flag.Bool("echo", false, "send back what a client sends")
	flag.Parse()
	s := &server{echo: *echo, clients: map[*client]struct{}{}}
	data, control := listen(), listen()
	go s.serveClients(data)
	go s.servePublishers(control)
	fmt.Printf("{\"data\": %q, \"control\": %q}\n", data.Addr(), control.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin)
}
