// SPDX-License-Identifier: Apache-2.0
import Crypto
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import NIOCore

/// The page: one document with its style and its script. What it shows it asks for itself, and puts in as text, never as markup.
enum PageText {
    /// The page as an answer. A browser runs no other script than the one in it, and asks nobody else for anything.
    static let answer = PageAnswer(
        contentType: "text/html; charset=utf-8",
        body: ByteBuffer(string: html),
        contentSecurityPolicy: "default-src 'none'; connect-src 'self'; script-src \(hash(script)); "
            + "style-src \(hash(style)); base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    private static func hash(_ text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
    }

    private static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Embedded broker</title>
        <link rel="icon" href="data:,">
        <style>\(style)</style>
        </head>
        <body>
        <header><h1>Embedded broker</h1><p id="status">Loading</p></header>
        <main id="content"></main>
        <noscript>The page needs JavaScript.</noscript>
        <script>\(script)</script>
        </body>
        </html>

        """

    private static let style = """
        :root { color-scheme: light dark; --line: #8884; --weak: #888; }
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.3rem; margin: 0; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .3rem; }
        h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
        header { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: baseline; }
        p { margin: .2rem 0; }
        #status, .weak { color: var(--weak); }
        .bad { color: #c62828; font-weight: 600; }
        .table { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .15rem .7rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { font-weight: 600; white-space: nowrap; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .time { white-space: nowrap; }
        .bytes { font-family: ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        """

    private static let script = """
        "use strict";
        const content = document.getElementById("content");
        const status = document.getElementById("status");
        let shown = null;

        // Texts become text nodes: nothing that a topic or a record says is ever read as markup.
        function element(name, className, ...children) {
          const made = document.createElement(name);
          if (className) made.className = className;
          for (const child of children) if (child !== null && child !== undefined) made.append(child);
          return made;
        }
        function table(columns, rows) {
          const head = columns.map(([title, className]) => element("th", className, title));
          const body = rows.map(cells => element("tr", "", ...cells.map((cell, place) =>
            cell instanceof HTMLElement && cell.tagName === "TD" ? cell : element("td", columns[place][1], cell))));
          return element("div", "table", element("table", "",
            element("thead", "", element("tr", "", ...head)), element("tbody", "", ...body)));
        }
        function number(value) { return value === undefined || value === null ? "none" : String(value); }
        function omitted(count, what) {
          return count > 0 ? element("p", "weak", count + " more " + what + " not shown") : null;
        }
        function bytes(value) {
          if (value === undefined || value === null) return element("span", "weak", "null");
          const made = element("span", "bytes", value.text !== undefined ? value.text : "0x" + value.hex);
          const length = value.text !== undefined ? new TextEncoder().encode(value.text).length : value.hex.length / 2;
          if (value.bytes > length) made.append(element("span", "weak", " \\u2026 " + value.bytes + " bytes"));
          return made;
        }
        function headers(list) {
          const made = element("span", "");
          list.forEach((header, place) => made.append(place ? ", " : "", bytes(header.name), "=", bytes(header.value)));
          return made;
        }
        function time(milliseconds) {
          const date = new Date(milliseconds);
          return isNaN(date) || milliseconds < 0 ? String(milliseconds) : date.toISOString();
        }
        function records(topic) {
          const made = [element("h3", "", "Last records")];
          if (topic.recordsOmitted) made.push(element("p", "weak", "Partition " + topic.recordsOmitted));
          if (!topic.records.length) return made.concat(element("p", "weak", "none"));
          const columns = [["partition", "number"], ["offset", "number"], ["time", "time"], ["key", ""], ["value", ""],
            ["headers", ""], ["transaction", ""]];
          return made.concat(table(columns, topic.records.map(record => [number(record.partition),
            number(record.offset), time(record.timestamp), bytes(record.key), bytes(record.value),
            headers(record.headers), record.transaction || ""])));
        }
        function topicSection(topic) {
          const link = element("a", "", topic.name);
          link.href = "#" + encodeURIComponent(topic.name);
          const columns = [["partition", "number"], ["leader", "number"], ["epoch", "number"], ["replicas", ""],
            ["in sync", ""], ["log start", "number"], ["high watermark", "number"], ["log end", "number"],
            ["bytes", "number"]];
          const rows = topic.partitions.map(part => [number(part.index),
            part.leader === undefined ? element("td", "number bad", "none") : number(part.leader), number(part.epoch),
            part.replicas.join(", "),
            part.inSync.length < part.replicas.length ? element("td", "bad", part.inSync.join(", ")) : part.inSync.join(", "),
            number(part.logStart), number(part.highWatermark), number(part.logEnd), number(part.size)]);
          return element("section", "", element("h2", "", "Topic ", link), table(columns, rows),
            omitted(topic.partitionsOmitted, "partitions"),
            ...(topic.records === undefined ? [] : records(topic)));
        }
        function groupSection(group) {
          const made = element("section", "", element("h2", "", "Group " + group.name),
            element("p", "", group.state + ", lag " + group.lag));
          if (group.members.length) made.append(table(
            [["member", ""], ["client", ""], ["host", ""], ["reads", ""]],
            group.members.map(member => [member.instance ? member.id + " (" + member.instance + ")" : member.id,
              member.client, member.host, member.reads.join("; ")])));
          if (group.offsets.length) made.append(table(
            [["topic", ""], ["partition", "number"], ["committed", "number"], ["lag", "number"]],
            group.offsets.map(offset => [offset.topic, number(offset.partition), number(offset.committed),
              number(offset.lag)])));
          const rest = omitted(group.offsetsOmitted, "offsets");
          if (rest) made.append(rest);
          return made;
        }
        function show(state, wanted) {
          const made = [];
          if (wanted) {
            const all = element("a", "", "all topics");
            all.href = "#";
            made.push(element("p", "", all));
          }
          made.push(element("h2", "", "Brokers"), table([["id", "number"], ["address", ""], ["state", ""]],
            state.brokers.map(broker => [number(broker.id), broker.address,
              broker.state === "up" ? "up" : element("td", "bad", broker.state)])));
          if (state.parted.length) made.push(element("p", "bad", "parted: " + state.parted.join(" ")));
          if (state.recordsHidden) made.push(element("p", "weak", state.recordsHidden));
          made.push(...state.topics.map(topicSection), omitted(state.topicsOmitted, "topics"));
          if (!wanted) made.push(...state.groups.map(groupSection), omitted(state.groupsOmitted, "groups"));
          content.replaceChildren(...made.filter(part => part !== null));
          document.title = "Embedded broker: " + state.topicCount + " topics";
        }
        async function refresh() {
          const wanted = location.hash.slice(1);
          try {
            const answer = await fetch(wanted ? "/api/state?topic=" + wanted : "/api/state");
            const text = await answer.text();
            if (!answer.ok) throw new Error(text);
            const state = JSON.parse(text);
            if (text !== shown) show(state, wanted);
            shown = text;
            status.className = "";
            status.textContent = "cluster " + state.cluster + ", " + state.topicCount + " topics, "
              + state.partitionCount + " partitions";
          } catch (error) {
            status.className = "bad";
            status.textContent = "no answer from the broker: " + error.message;
          }
        }
        async function go() {
          if (!document.hidden) await refresh();
          setTimeout(go, 2000);
        }
        addEventListener("hashchange", refresh);
        go();
        """
}
