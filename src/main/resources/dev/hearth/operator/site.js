// Everything works without this. It shows times in the viewer's zone, lets charts go on and lists grow, and asks before
// what cannot be undone.
"use strict";

const localTime = new Intl.DateTimeFormat(undefined, {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

function showLocalTimes(root) {
    for (const element of root.querySelectorAll("time[datetime]:not([title])")) {
        element.title = element.textContent.trim();
        element.textContent = localTime.format(new Date(element.dateTime));
    }
}

/// Seconds as people say them, like the server does.
function span(seconds) {
    const whole = Math.floor(seconds);
    if (whole < 60) {
        return `${whole} s`;
    }
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) {
        return `${minutes} min ${whole % 60} s`;
    }
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function formatted(value) {
    const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

class Chart {
    constructor(element) {
        this.key = element.dataset.key;
        this.values = element.dataset.values ? element.dataset.values.split(",").map(Number) : [];
        this.line = element.querySelector("polyline");
        this.text = element.querySelector(".value");
        this.area = element.querySelector("polygon");
        this.peak = element.querySelector(".peak b");
        this.format = element.dataset.format === "span" ? span : formatted;
    }

    add(value) {
        this.values.push(value);
        if (this.values.length > 150) {
            this.values.shift();
        }
        const most = Math.max(1e-9, ...this.values);
        const first = 150 - this.values.length;
        const points = this.values.map((each, i) =>
            `${((first + i) * 240 / 149).toFixed(1)},${(46 - each / most * 44).toFixed(1)}`).join(" ");
        this.line.setAttribute("points", points);
        this.area.setAttribute("points", `${(first * 240 / 149).toFixed(1)},48 ${points} 240,48`);
        this.text.textContent = this.format(value);
        this.peak.textContent = this.format(Math.max(...this.values));
    }
}

/// How many commits held how many events, over the moments that the charts show.
class Bars {
    constructor(element) {
        this.moments = JSON.parse(element.dataset.moments);
        this.bars = [...element.querySelectorAll("li")];
    }

    add(counts) {
        this.moments.push(counts);
        if (this.moments.length > 150) {
            this.moments.shift();
        }
        const sums = this.bars.map((_, i) => this.moments.reduce((sum, each) => sum + each[i], 0));
        const most = Math.max(1, ...sums);
        this.bars.forEach((bar, i) => {
            const rect = bar.querySelector("rect");
            rect.setAttribute("y", (100 - sums[i] / most * 100).toFixed(1));
            rect.setAttribute("height", (sums[i] / most * 100).toFixed(1));
            bar.querySelector("strong").textContent = formatted(sums[i]);
        });
    }
}

function figure(moment, key) {
    switch (key) {
        case "heapMega": return Math.floor(moment.heapUsed / 1048576);
        case "cpuPercent": return moment.cpu * 100;
        case "running": return moment.engine ? moment.engine.running : 0;
        case "connections": return moment.engine ? moment.engine.connections : 0;
        default: return moment[key];
    }
}

/// The element that is in a fresh list what this one is in the list that is shown.
function counterpart(element, fresh) {
    const told = ["href", "name", "value", "formaction", "aria-label"];
    return [...fresh.querySelectorAll(element.localName)].find(each =>
        told.every(name => each.getAttribute(name) === element.getAttribute(name)));
}

async function refreshList(list) {
    if (list.querySelector("input:checked")) {
        return; // not under the hand of someone who is choosing
    }
    const answer = await fetch(list.dataset.self, { headers: { Accept: "text/html" } });
    if (!answer.ok) {
        return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-list]");
    if (!fresh || list.querySelector("input:checked")) {
        return;
    }
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const next = focused && counterpart(focused, fresh);
    if (focused && !next) {
        return; // it would leave whoever goes by keyboard at the beginning of the page
    }
    list.replaceChildren(...fresh.childNodes);
    showLocalTimes(list);
    if (next) {
        next.focus({ preventScroll: true });
    }
}

function follow() {
    const charts = [...document.querySelectorAll("[data-key]")].map(element => new Chart(element));
    const bars = [...document.querySelectorAll("[data-moments]")].map(element => new Bars(element));
    const list = document.querySelector("[data-list]");
    const lamp = document.querySelector(".live");
    if (!lamp) {
        return;
    }
    const say = (on, text) => {
        lamp.classList.toggle("on", on);
        lamp.textContent = text;
    };
    const source = new EventSource(lamp.dataset.stream);
    let waiting = -1;
    source.addEventListener("open", () => say(true, "live"));
    source.addEventListener("error", () => say(false, "connecting"));
    source.addEventListener("moment", event => {
        const moment = JSON.parse(event.data);
        charts.forEach(chart => chart.add(figure(moment, chart.key)));
        bars.forEach(each => each.add(moment.batches));
        const now = moment.waiting + moment.retrying + moment.dead;
        if (list && (moment.stored + moment.handled + moment.failed > 0 || now !== waiting)) {
            refreshList(list).catch(() => say(false, "connecting"));
        }
        waiting = now;
    });
    window.addEventListener("pagehide", () => source.close());
}

/// Times that are typed are meant in the viewer's zone, as those that are shown.
function typeInLocalZone() {
    const zone = document.querySelector("[data-zone]");
    const own = localTime.resolvedOptions().timeZone;
    const times = zone ? [...zone.form.querySelectorAll("[name=since], [name=before]")] : [];
    if (!zone || zone.value !== "" || times.some(field => field.value !== "")) {
        return;
    }
    zone.form.querySelectorAll("[data-zone-name]").forEach(name => { name.textContent = own; });
    zone.form.addEventListener("submit", () => {
        zone.value = times.some(field => field.value !== "") ? own : "";
    });
}

function showWhere() {
    const here = document.querySelector("nav [aria-current]");
    const bar = here && here.closest("nav");
    if (bar) {
        bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
    }
    for (const zone of document.querySelectorAll("[data-own-zone]")) {
        const own = localTime.resolvedOptions().timeZone;
        if (own !== "UTC") {
            zone.textContent = `Times are in ${own}; point at one for UTC.`;
        }
    }
}

function chooseAll() {
    document.addEventListener("change", event => {
        if (event.target.matches("[data-all]")) {
            for (const box of document.querySelectorAll("input[name=id]")) {
                box.checked = event.target.checked;
            }
        }
    });
}

function askFirst() {
    document.addEventListener("submit", event => {
        const question = event.submitter && event.submitter.dataset.ask;
        if (question && !window.confirm(question)) {
            event.preventDefault();
        }
    });
}

showLocalTimes(document);
showWhere();
typeInLocalZone();
chooseAll();
askFirst();
follow();
