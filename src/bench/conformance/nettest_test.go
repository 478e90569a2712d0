// Package conformance runs the connection tests of Go's net package (golang.org/x/net/nettest) over links of wslproxy.
package conformance

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/net/nettest"
)

// TestLinks demands of two TCP connections joined by wslproxy what net.Conn promises of one.
// WSLPROXY is the launcher of the installed program.
func TestLinks(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			target, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
			if err != nil {
				t.Fatal(err)
			}
			defer target.Close()
			proxy := startForward(t, host, target.Addr().String())
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
				return link(proxy, target)
			})
		})
	}
}

func link(proxy string, target net.Listener) (client, server net.Conn, stop func(), err error) {
	client, err = net.DialTimeout("tcp", proxy, 5*time.Second)
	if err != nil {
		return nil, nil, nil, err
	}
	server, err = target.Accept()
	if err != nil {
		client.Close()
		return nil, nil, nil, err
	}
	return client, server, func() { client.Close(); server.Close() }, nil
}

func startForward(t *testing.T, host, target string) string {
	listen := freeAddress(t, host)
	config := filepath.Join(t.TempDir(), "proxy.toml")
	text := fmt.Sprintf("[status]\nlisten = \"off\"\n[[forward]]\nname = \"nettest\"\nlisten = %q\ntarget = %q\n", listen, target)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.Command(os.Getenv("WSLPROXY"), "--config", config)
	program.Stdout, program.Stderr = os.Stderr, os.Stderr
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		program.Process.Signal(os.Interrupt)
		if err := program.Wait(); err != nil {
			t.Errorf("wslproxy ended with %v", err)
		}
	})
	awaitListening(t, listen)
	return listen
}

func freeAddress(t *testing.T, host string) string {
	probe, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	return probe.Addr().String()
}

// A connection that is tried would reach the target and stand in the accept queue of the first test, so the listener is
// sought in the kernel's table instead.
func awaitListening(t *testing.T, address string) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return
		}
		listener.Close()
	}
	t.Fatalf("wslproxy does not listen on %s", address)
}
