"""The console: HTML pages for those who administer, publish, approve, supervise and audit.

Pages call the same use cases as the REST routes, write no SQL and decide nothing: what somebody may
do is decided, and recorded, by the service a page asks. Only `muster.server` imports this package.

Start with `showing.py` (how a page is answered), `chrome.py` (the frame around each), then any
module of `pages/`. Each template names its view model in the comment at its top; everything it
names is always there. `assets/` holds the sources of `static/dist/`.
"""
