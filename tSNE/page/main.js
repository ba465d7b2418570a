// Links both maps, the controls and the panel. One state; at most one drawing of each map for a frame.
const element = id => document.getElementById(id);
const charts = ["before", "attention"].map(id => new Chart(element(id), content[id]));
const state = {colouring: null, colours: [], colourOf: new Uint16Array(userCount), order: [], labels: {},
  hovered: -1, opened: -1, selected: [], isSelected: new Uint8Array(userCount), outline: null, mode: "move"};
const NO_COLOUR = "#999999";
let theme = null, waiting = false;

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    charts.forEach(chart => chart.draw(state, theme));
  });
}

/** Reads the colours of the page; a canvas does not follow the style sheet by itself. */
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  theme = Object.fromEntries(["paper", "ink", "accent"].map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Shows a section of the panel as the first one, unless the focus is in it: a moved element loses the focus. */
function bringUp(id) {
  const panel = element(id).parentElement;
  if (!element(id).contains(document.activeElement)) panel.prepend(element(id));
  panel.scrollTop = 0;
}

const actions = {
  open(user) {
    state.opened = user;
    fillUser(element("user"), user, actions);
    if (user >= 0) bringUp("user");
    redraw();
  },
  select(users, name) {
    state.selected = [...new Set(users)];
    state.isSelected.fill(0);
    state.selected.forEach(user => { state.isSelected[user] = 1; });
    fillSelection(element("selection"), state.selected, name, actions);
    if (users.length) bringUp("selection");
    redraw();
  },
  clear() {
    actions.select([], "");
  },
  save(users) {
    const address = URL.createObjectURL(new Blob([table(users)], {type: "text/tab-separated-values"}));
    make("a", {href: address, download: "users.tsv"}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  },
  colour(name) {
    state.colouring = colouringOf[name];
    const groups = state.colouring.labels.length ? paintCategories() : paintNumbers();
    state.order = range(userCount).sort((a, b) => state.colourOf[a] - state.colourOf[b]);
    const known = state.colouring.values.filter(value => value !== null);
    const ends = [Math.min(...bounds(known)), Math.max(...bounds(known))].map(String);
    fillLegend(element("legend"), state.colouring, groups, state.colours, ends, actions);
    fillGroups(element("groups"), name === "group", actions);
    redraw();
  }
};

/** The least and the greatest of numbers, however many. */
function bounds(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function paintCategories() {
  const {labels, values} = state.colouring, users = labels.map(() => []), without = [];
  values.forEach((value, user) => (value >= 0 ? users[value] : without).push(user));
  state.colours = [...labels.map((_, number) => categoryColour(number)), NO_COLOUR];
  values.forEach((value, user) => { state.colourOf[user] = value >= 0 ? value : labels.length; });
  const named = state.colouring.name === "group" ? (_, group) => groupName(group) : label => label;
  const groups = labels.map((label, number) => ({label: named(label, number), users: users[number],
    colour: state.colours[number]}))
    .concat({label: "none", users: without, colour: NO_COLOUR}).filter(group => group.users.length)
    .sort((a, b) => b.users.length - a.users.length);
  return groups;
}

function paintNumbers() {
  const values = state.colouring.values, [low, high] = bounds(values.filter(value => value !== null));
  const amount = state.colouring.name === "reviews" ? value => Math.log(1 + value) : value => value;
  const span = Math.max(amount(high) - amount(low), 1e-9);
  state.colours = [...range(STEPS).map(step => rampColour(step / (STEPS - 1))), NO_COLOUR];
  values.forEach((value, user) => {
    state.colourOf[user] = value === null ? STEPS
      : Math.min(STEPS - 1, Math.floor((amount(value) - amount(low)) / span * STEPS));
  });
  return [];
}

/** Shows what a user cares about beside a place of a chart; hides it for user -1. */
function hover(user, chart, x, y) {
  if (user !== state.hovered) {
    state.hovered = user;
    element("tip").hidden = user < 0;
    if (user >= 0) fillTip(element("tip"), user);
    redraw();
  }
  if (user >= 0) {
    const tip = element("tip"), room = tip.offsetParent.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(chart.canvas.offsetLeft + x + 14, room))}px`;
    tip.style.top = `${chart.canvas.offsetTop + y + 18}px`;
  }
}

/** The pointers of one map: drag moves or draws an outline, two fingers zoom, a click opens a user. */
function listen(chart) {
  const {canvas} = chart, pointers = new Map();
  let moved = 0;
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left - canvas.clientLeft, event.clientY - box.top - canvas.clientTop];
  };
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    moved = 0;
    state.outline = state.mode === "move" || pointers.size > 1 ? null
      : {chart, start: place(event), polygon: [place(event)], adds: event.shiftKey};
  });
  canvas.addEventListener("pointermove", event => {
    const [x, y] = place(event), before = pointers.get(event.pointerId);
    if (!before) return hover(chart.nearest(x, y, chart.radius + 8), chart, x, y);
    moved += Math.hypot(x - before[0], y - before[1]);
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      chart.zoomAt(Math.hypot(x - other[0], y - other[1]) / Math.max(1, Math.hypot(before[0] - other[0],
        before[1] - other[1])), (x + other[0]) / 2, (y + other[1]) / 2);
    } else if (!state.outline) {
      chart.pan(x - before[0], y - before[1]);
    } else if (state.mode === "lasso") {
      state.outline.polygon.push([x, y]);
    } else {
      const [left, top] = state.outline.start;
      state.outline.polygon = [[left, top], [x, top], [x, y], [left, y]];
    }
    pointers.set(event.pointerId, [x, y]);
    redraw();
  });
  const end = event => {
    if (!pointers.delete(event.pointerId)) return;
    const {outline} = state;
    state.outline = null;
    if (event.type === "pointerup" && moved < 5) {
      const [x, y] = place(event), user = chart.nearest(x, y, chart.radius + 10);
      actions.open(user);
      if (event.pointerType === "touch") hover(-1);
    } else if (event.type === "pointerup" && outline) {
      actions.select([...(outline.adds ? state.selected : []), ...chart.inside(outline.polygon)], "Selected on the map");
    }
    redraw();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => hover(-1));
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    chart.zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0016)), ...place(event));
    redraw();
  }, {passive: false});
  canvas.addEventListener("keydown", event => {
    const step = 40, keys = {ArrowLeft: () => chart.pan(step, 0), ArrowRight: () => chart.pan(-step, 0),
      ArrowUp: () => chart.pan(0, step), ArrowDown: () => chart.pan(0, -step), "+": () => chart.zoomAt(1.3),
      "=": () => chart.zoomAt(1.3), "-": () => chart.zoomAt(1 / 1.3), 0: () => chart.whole(),
      Enter: () => actions.open(chart.nearest(chart.width / 2, chart.height / 2, Infinity)),
      Escape: () => { actions.open(-1); actions.clear(); }};
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
    redraw();
  });
}

function showResults() {
  const box = element("results"), text = element("search").value, found = search(text);
  const rows = found.map(one => button(one.kind === "user" ? one.label : `${one.kind} “${one.label}”: ${MEANING[one.kind]} ` +
    plural(one.users.length, "user"), () => take(one)));
  if (found.some(one => one.kind === "word")) rows.push(make("p", {class: "note"}, TYPICAL));
  box.replaceChildren(...(rows.length || !text.trim() ? rows : [make("p", {}, "Nothing has this id or word.")]));
}

function take({kind, label, users}) {
  element("results").replaceChildren();
  if (kind === "user") actions.open(users[0]);
  else actions.select(users, kind === "word" ? typicalOf(label) : `Users with “${label}” among their ${FIRST} first aspects`);
}

function start() {
  readTheme();
  content.colourings.forEach(one => element("colour").append(make("option", {value: one.name}, one.title)));
  element("colour").value = content.colour;
  element("colour").addEventListener("change", event => actions.colour(event.target.value));
  element("modes").addEventListener("change", event => {
    state.mode = event.target.value;
    charts.forEach(chart => chart.canvas.classList.toggle("move", state.mode === "move"));
  });
  const both = change => () => { charts.forEach(change); redraw(); };
  element("closer").addEventListener("click", both(chart => chart.zoomAt(1.4)));
  element("farther").addEventListener("click", both(chart => chart.zoomAt(1 / 1.4)));
  element("whole").addEventListener("click", both(chart => chart.whole()));
  element("search").addEventListener("input", showResults);
  element("search").addEventListener("keydown", event => {
    const [first] = search(event.target.value);
    if (event.key === "Enter" && first) take(first);
    if (event.key === "Escape") element("results").replaceChildren();
  });
  const resize = () => { charts.forEach(chart => chart.resize()); redraw(); };
  new ResizeObserver(resize).observe(document.querySelector(".maps"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readTheme(); redraw(); });
  resize();
  charts.forEach(listen);
  charts.forEach(chart => { state.labels[chart.canvas.id] = labelsOf(chart); });
  actions.clear();
  actions.colour(content.colour);
}

start();
