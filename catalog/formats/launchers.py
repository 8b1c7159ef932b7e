"""Packages for a company's learning platform: SCORM 1.2 and cmi5, each one page that opens Muster in its own window.

The platform learns that Muster was opened, and that the person says to have finished; results come from `export xapi`.
"""

import re
from html import escape
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from catalog.formats.archives import pack
from catalog.formats.draft import Unreadable

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,253}(?:/[A-Za-z0-9._~/-]{0,200})?")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}}
a,button{{display:inline-block;font:inherit;padding:.6rem 1rem;margin:.3rem .5rem .3rem 0}}</style></head>
<body>
<h1>{title}</h1>
<p>Muster opens in a window of its own, where you sign in as always.</p>
<p><a id="open" href="{address}" target="_blank" rel="noopener">Open Muster</a>
<button id="done" type="button">I have finished for now</button></p>
<p id="said" role="status"></p>
<script src="launch.js"></script>
</body>
</html>
"""

_SCORM: Final = """// Tells a SCORM 1.2 platform that Muster was opened, and that the person says to have finished.
(function () {
  "use strict";
  function find(from) {
    for (var n = 0; from && n < 20; n += 1) {
      try { if (from.API) { return from.API; } } catch (refused) { return null; }
      if (from === from.parent) { return null; }
      from = from.parent;
    }
    return null;
  }
  var api = find(window) || (window.opener ? find(window.opener) : null);
  var said = document.getElementById("said");
  function set(status) {
    if (!api) { said.textContent = "This page found no learning platform around it."; return false; }
    var kept = api.LMSSetValue("cmi.core.lesson_status", status) === "true" && api.LMSCommit("") === "true";
    said.textContent = kept ? "Your learning platform has noted it." : "Your learning platform did not take the note.";
    return kept;
  }
  var ended = false;
  if (api) { api.LMSInitialize(""); }
  document.getElementById("open").addEventListener("click", function () {
    if (api && api.LMSGetValue("cmi.core.lesson_status") !== "completed") { set("incomplete"); }
  });
  document.getElementById("done").addEventListener("click", function () { set("completed"); });
  window.addEventListener("pagehide", function () {
    if (api && !ended) { ended = true; api.LMSFinish(""); }
  });
}());
"""

_CMI5: Final = """// Tells a cmi5 platform that Muster was opened, and that the person says to have finished.
(function () {
  "use strict";
  var given = new URLSearchParams(window.location.search);
  var said = document.getElementById("said");
  var endpoint = (given.get("endpoint") || "").replace(/\\/?$/, "/");
  var verbs = "http://adlnet.gov/expapi/verbs/";
  var token = null, context = null, started = Date.now(), ended = false;

  function ask(method, path, body, last) {
    var head = { "Authorization": "Basic " + token, "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json" };
    return fetch(endpoint + path, { method: method, headers: head, body: body && JSON.stringify(body), keepalive: Boolean(last) })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer; });
  }
  function uuid() {
    if (window.crypto.randomUUID) { return window.crypto.randomUUID(); }
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, function (c) {
      return (c ^ window.crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16);
    });
  }
  function send(verb, result, moveOn, last) {
    var about = JSON.parse(JSON.stringify(context || {}));
    about.registration = given.get("registration");
    about.contextActivities = about.contextActivities || {};
    var category = [{ id: "https://w3id.org/xapi/cmi5/context/categories/cmi5" }];
    if (moveOn) { category.push({ id: "https://w3id.org/xapi/cmi5/context/categories/moveon" }); }
    about.contextActivities.category = (about.contextActivities.category || []).concat(category);
    return ask("POST", "statements", {
      id: uuid(), actor: JSON.parse(given.get("actor")), verb: { id: verbs + verb, display: { en: verb } },
      object: { objectType: "Activity", id: given.get("activityId") }, result: result, context: about,
      timestamp: new Date().toISOString()
    }, last);
  }
  function spent() { return "PT" + ((Date.now() - started) / 1000).toFixed(2) + "S"; }
  function failed() { said.textContent = "Your learning platform did not take the note."; }

  if (!given.get("fetch")) { said.textContent = "This page found no learning platform around it."; return; }
  var ready = fetch(given.get("fetch"), { method: "POST" })
    .then(function (answer) { return answer.json(); })
    .then(function (found) {
      token = found["auth-token"];
      var query = "?activityId=" + encodeURIComponent(given.get("activityId")) + "&agent=" + encodeURIComponent(given.get("actor")) +
        "&registration=" + encodeURIComponent(given.get("registration")) + "&stateId=LMS.LaunchData";
      return ask("GET", "activities/state" + query);
    })
    .then(function (answer) { return answer.json(); })
    .then(function (launched) { context = launched.contextTemplate; return send("initialized"); });
  ready.catch(failed);
  document.getElementById("done").addEventListener("click", function () {
    ready.then(function () { return send("completed", { completion: true, duration: spent() }, true); })
      .then(function () { said.textContent = "Your learning platform has noted it."; }).catch(failed);
  });
  window.addEventListener("pagehide", function () {
    if (token && !ended) { ended = true; send("terminated", { duration: spent() }, false, true).catch(failed); }
  });
}());
"""


def scorm(address: str, title: str, path: Path) -> None:
    """Write a SCORM 1.2 package that opens Muster's address. Raises Unreadable with one sentence."""
    manifest = (
        f'{_HEAD}<manifest identifier="muster" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">\n'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>\n"
        f'<organizations default="O"><organization identifier="O"><title>{escape(title)}</title>'
        f'<item identifier="I" identifierref="R"><title>{escape(title)}</title></item></organization></organizations>\n'
        '<resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="index.html">'
        '<file href="index.html"/><file href="launch.js"/></resource></resources>\n</manifest>\n'
    )
    _write(path, address, title, {"imsmanifest.xml": manifest}, _SCORM)


def cmi5(address: str, title: str, path: Path) -> None:
    """Write a cmi5 package that opens Muster's address. Raises Unreadable with one sentence."""
    name = uuid5(NAMESPACE_URL, address)
    told = f'<langstring lang="en">{escape(title)}</langstring>'
    about = f"<title>{told}</title><description>{told}</description>"
    structure = (
        f'{_HEAD}<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">\n'
        f'<course id="urn:uuid:{name}">{about}</course>\n'
        f'<au id="urn:uuid:{uuid5(NAMESPACE_URL, f"{address}#au")}" moveOn="Completed" launchMethod="OwnWindow">{about}'
        "<url>index.html</url></au>\n</courseStructure>\n"
    )
    _write(path, address, title, {"cmi5.xml": structure}, _CMI5)


def _write(path: Path, address: str, title: str, parts: dict[str, str], script: str) -> None:
    if not _ADDRESS.fullmatch(address):
        raise Unreadable("The address is none: write it as people type it, such as https://muster.firm.example.")
    page = _PAGE.format(title=escape(title), address=escape(address))
    pack(path, {**parts, "index.html": page, "launch.js": script})
