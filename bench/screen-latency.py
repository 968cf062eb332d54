"""How long `oakum audit` takes to answer keys while it scans: python3 bench/screen-latency.py REPOSITORY [columns] [rows].

Starts it on a terminal of its own, presses j and k until the scan is done and for a while after, and says when the first
finding was shown, the median and worst time from a key to the frame that answers it, and the peak of its memory.
"""
import fcntl, os, pty, re, select, statistics, struct, sys, termios, time

repository = os.path.abspath(sys.argv[1])
columns, rows = (int(n) for n in (sys.argv[2:4] or ('120', '40')))
program = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'dist', 'cli', 'bin.js')

pid, master = pty.fork()
if pid == 0:
    environment = {k: v for k, v in os.environ.items() if k != 'CI'}
    os.execvpe('node', ['node', program, 'audit', '--no-cache', repository], {**environment, 'TERM': 'xterm-256color'})
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


def read(seconds):
    ready, _, _ = select.select([master], [], [], seconds)
    return os.read(master, 1 << 16).decode('utf8', 'replace') if ready else ''


def peak():
    with open(f'/proc/{pid}/status') as status:
        return int(re.search(r'VmHWM:\s+(\d+)', status.read()).group(1)) / 1024


started = time.monotonic()
first = done = None
during, after = [], []
seen, key = '', b'j'
while True:
    # Frames of the scan come too: only one that moves the cursor's mark answers a key.
    if first is not None:
        drained = read(0)
        seen += drained
        pressed = time.monotonic()
        os.write(master, key)
        key = b'k' if key == b'j' else b'j'
        answer = ''
        while '▸' not in answer and time.monotonic() - pressed < 5:
            answer += read(0.5)
        if os.environ.get('DEBUG'): print(round(time.monotonic() - started, 1), round((time.monotonic() - pressed) * 1000), repr(answer[:60]), flush=True)
        (during if done is None else after).append((time.monotonic() - pressed) * 1000)
        seen += answer
    pause = time.monotonic() + 0.1
    while time.monotonic() < pause:
        seen += read(0.02)
    if first is None and '▸' in seen:
        first = time.monotonic() - started
    if done is None and 'done in' in seen:
        done = time.monotonic() - started
    seen = seen[-4000:]
    if len(after) >= 100 or time.monotonic() - started > 600:
        break
memory = peak()
os.write(master, b'q')
while True:
    try:
        if not read(2):
            break
    except OSError:
        break
for name, times in (('while it scans', during), ('when it is done', after)):
    if times:
        print(f'{name}: {len(times)} keys, median {statistics.median(times):.1f} ms, 95% {sorted(times)[int(len(times) * 0.95)]:.1f} ms, worst {max(times):.1f} ms')
print(f'first finding shown after {first:.1f} s, done after {done:.1f} s, peak of memory {memory:.0f} MB')
