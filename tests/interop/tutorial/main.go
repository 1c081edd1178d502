// A client and a server for connections that last, written as tutorials on TCP in Go write them:
// net.Dial, a read loop with a buffer of 1,024 bytes, a ticker that writes `ping`, five tries three
// seconds apart. They know nothing of Byssus, which is the point.
//
//	tutorial client ADDRESS PING-INTERVAL
//	tutorial server ADDRESS DATA-INTERVAL
//
// Both print what they see, one line for each event.
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

const (
	tries     = 5
	wait      = 3 * time.Second
	writeWait = 5 * time.Second
)

func dial(address string) (net.Conn, error) {
	var err error
	for try := 0; try < tries; try++ {
		var conn net.Conn
		if conn, err = net.Dial("tcp", address); err == nil {
			return conn, nil
		}
		fmt.Println("dial failed:", err)
		time.Sleep(wait)
	}
	return nil, err
}

// readLoop hands each read to onRead until the connection ends.
func readLoop(conn net.Conn, onRead func(string)) {
	buf := make([]byte, 1024)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		onRead(string(buf[:n]))
	}
}

// writeEvery writes what next returns at every tick, until done is closed or a write fails.
func writeEvery(conn net.Conn, interval time.Duration, done <-chan struct{}, next func() string) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			conn.SetWriteDeadline(time.Now().Add(writeWait))
			if _, err := conn.Write([]byte(next())); err != nil {
				return
			}
		}
	}
}

func client(address string, interval time.Duration) error {
	for {
		conn, err := dial(address)
		if err != nil {
			return err
		}
		fmt.Println("connected")
		done := make(chan struct{})
		go func() {
			defer close(done)
			readLoop(conn, func(text string) { fmt.Printf("read %q\n", text) })
		}()
		writeEvery(conn, interval, done, func() string { return "ping" })
		conn.Close()
		<-done
		fmt.Println("lost")
	}
}

func serve(conn net.Conn, interval time.Duration) {
	fmt.Println("connected")
	done := make(chan struct{})
	number := 0
	go writeEvery(conn, interval, done, func() string {
		number++
		return fmt.Sprintf("data %d\n", number)
	})
	readLoop(conn, func(text string) {
		fmt.Printf("read %q\n", text)
		if text == "ping" {
			conn.Write([]byte("pong"))
		}
	})
	close(done)
	conn.Close()
	fmt.Println("lost")
}

func server(address string, interval time.Duration) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listening")
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serve(conn, interval)
	}
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: tutorial client|server ADDRESS INTERVAL")
		os.Exit(2)
	}
	interval, err := time.ParseDuration(os.Args[3])
	if err == nil && os.Args[1] == "client" {
		err = client(os.Args[2], interval)
	} else if err == nil {
		err = server(os.Args[2], interval)
	}
	fmt.Fprintln(os.Stderr, "tutorial:", err)
	os.Exit(1)
}
