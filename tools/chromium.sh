#!/bin/sh
# Prints the path of a Chromium for the browser tests: as found, else installed, else one sentence how.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then command -v "$name"; exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing chromium for the browser tests …" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1
    if command -v chromium >/dev/null 2>&1; then command -v chromium; exit 0; fi
fi
echo "muster: the browser tests need Chromium. Install it (Debian, Ubuntu: sudo apt install chromium) and run make test again." >&2
exit 1
