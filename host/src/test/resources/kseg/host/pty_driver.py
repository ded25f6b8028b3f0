"""Runs a command on a pseudo-terminal and prints what happens to the terminal, one fact a line.

Usage: pty_driver.py SCENARIO COMMAND...   Scenarios are the functions below.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

DEADLINE = 60


class Session:
    def __init__(self, command):
        self.log = b""
        # The command is not the session leader, so that ^Z stops it: a leader's group is orphaned.
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                while os.tcgetpgrp(0) != os.getpgrp():
                    time.sleep(0.01)
                os.execvp(command[0], command)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            # Both sides set the group, so that neither has to wait for the other.
            try:
                os.setpgid(child, child)
            except OSError:
                pass
            os.tcsetpgrp(0, child)
            while True:
                _, status = os.waitpid(child, os.WUNTRACED | os.WCONTINUED)
                if os.WIFSTOPPED(status):
                    print("child stopped", flush=True)
                    # What a shell does when the user types 'fg', a little later.
                    time.sleep(0.3)
                    os.kill(child, signal.SIGCONT)
                elif os.WIFCONTINUED(status):
                    print("child continued", flush=True)
                else:
                    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                    print("child ended", code, flush=True)
                    time.sleep(1)
                    os._exit(0)

    def wait_for(self, text):
        end = time.time() + DEADLINE
        while text.encode() not in self.log:
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if ready:
                try:
                    self.log += os.read(self.master, 4096)
                except OSError:
                    sys.exit("pty closed; no %r in %r" % (text, self.log))
            elif time.time() > end:
                sys.exit("no %r in %r" % (text, self.log))
        # What follows is what has happened since.
        self.log = self.log[self.log.index(text.encode()) + len(text):]

    def send(self, data):
        os.write(self.master, data)

    def modes(self, when):
        iflag, oflag, _, lflag, _, _, cc = termios.tcgetattr(self.master)
        names = [n for n in ("ICANON", "ECHO", "ISIG", "NOFLSH") if lflag & getattr(termios, n)]
        names += [n for n in ("ICRNL", "INLCR", "IGNCR") if iflag & getattr(termios, n)]
        names += [n for n in ("OPOST", "ONLCR") if oflag & getattr(termios, n)]
        print("%s: %s" % (when, " ".join(names)))
        return names

    def wait_for_modes(self, transparent, when):
        end = time.time() + DEADLINE
        while bool(termios.tcgetattr(self.master)[3] & termios.ICANON) == transparent:
            if time.time() > end:
                sys.exit("modes did not change: " + when)
            time.sleep(0.02)
        self.modes(when)


def close(s):
    s.modes("before")
    s.wait_for("ready")
    s.modes("open")
    s.send(b"a\r\n\x04\x7f")
    s.wait_for("got 610d0a047f")
    print("bytes as typed")
    s.send(b"q")
    s.wait_for("closed")
    s.modes("closed")


def exit_without_close(s):
    s.wait_for("ready")
    s.send(b"x")
    s.wait_for("child ended 0")
    s.modes("after exit")


def interrupt(s):
    s.wait_for("ready")
    s.modes("open")
    s.send(b"\x03")
    s.wait_for("child ended 130")
    s.modes("after ^C")


def characters(s):
    s.wait_for("ready")
    s.modes("open")
    s.send(b"\x03\x1a\x1c")
    s.wait_for("got 031a1c")
    print("signals are characters")
    s.send(b"q")
    s.wait_for("closed")


def suspend(s):
    s.wait_for("ready")
    s.send(b"\x1a")
    s.wait_for_modes(False, "stopping")
    s.wait_for("child stopped")
    s.wait_for_modes(True, "continued")
    s.send(b"b")
    s.wait_for("got 62")
    print("reads again")
    s.send(b"q")
    s.wait_for("closed")


def size(s):
    s.wait_for("ready")
    fcntl.ioctl(s.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 132, 0, 0))
    s.send(b"s")
    s.wait_for("Size[columns=132, rows=40]")
    print("132 by 40")


def quit_character(s):
    s.wait_for("ready")
    s.send(b"\x1c")
    s.wait_for("child ended 131")
    s.modes("after quit")


def quit_in_order(s):
    s.wait_for("ready")
    s.send(b"\x1c")
    s.wait_for("end\r\n")
    print("reader ended")
    s.wait_for("child ended 131")
    s.modes("after quit")


if __name__ == "__main__":
    globals()[sys.argv[1]](Session(sys.argv[2:]))
