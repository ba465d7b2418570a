// The panel in words: a user, a selection, the colours. All text is set as text, never as HTML.
const MEMBERS = 60, TOP = 8;

/** An element with attributes and children; functions among the attributes are listeners. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (key === "style") element.style.cssText = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(child => child !== null));
  return element;
}

function button(text, act, attributes) {
  return make("button", {type: "button", click: act, ...attributes}, text);
}

const percent = share => `${Math.round(100 * share)} %`;
const plural = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** One line on a user: reviews, stars, group. */
function factsOf(user) {
  const stars = colouringOf.stars.values[user], group = groupName(colouringOf.group.values[user]);
  return [plural(content.reviews[user], "review"), stars === null ? "" : `${stars.toFixed(1)} stars on average`,
    `group ${group}`].filter(Boolean).join(" · ");
}

/** The passage of a user with its stars and item; null where there is none. */
function passageOf(user) {
  if (!content.passages[user]) return null;
  const item = content.items[content.passageItems[user]] || "";
  return make("blockquote", {}, content.passages[user],
    make("br"), make("small", {}, `${plural(content.passageStars[user], "star")}, ${item}`));
}

/** What is shown beside the pointer. */
function fillTip(tip, user) {
  const aspects = aspectsOf([user]).slice(0, 3).map(one => `${one.name} (${one.mentions})`).join(", ");
  const words = content.userWords[user].slice(0, 6).map(word => content.words[word]).join(", ");
  tip.replaceChildren(...[make("b", {}, content.ids[user]), make("p", {class: "note"}, factsOf(user)),
    aspects && make("p", {}, `Cares about: ${aspects}`), words && make("p", {}, `Writes of: ${words}`),
    passageOf(user)].filter(Boolean));
}

/** Bars of the aspects of users: share of their reviews, how often against all users, share of praise. */
function aspectBars(users) {
  const found = aspectsOf(users).slice(0, TOP), most = Math.max(...found.map(one => one.share), .01);
  const head = ["", "", "reviews", "vs all", "praise"].map(text => make("small", {}, text));
  return make("div", {class: "bars"}, head, found.flatMap(one => [
    make("span", {title: content.aspectWords[one.aspect].join(", ")}, one.name),
    make("span", {class: "track"}, make("i", {style: `width: ${100 * one.share / most}%`})),
    make("span", {class: "number"}, percent(one.share)), make("span", {class: "number"}, `${one.lift.toFixed(1)}×`),
    make("span", {class: "number"}, percent(one.praise))]));
}

function wordChips(words, actions) {
  return make("div", {class: "row"}, words.map(word => button(content.words[word],
    () => actions.select(usersOfWord[word], typicalOf(content.words[word])),
    {class: "chip", title: "Select the users of whom this word is typical"})));
}

function heading(text) {
  return make("h3", {}, text);
}

/** The opened user and the nearest users. */
function fillUser(section, user, actions) {
  if (user < 0) return section.replaceChildren();
  const near = content.near[user], own = new Set(aspectsOf([user]).slice(0, 4).map(one => one.aspect));
  const neighbours = near.map((other, place) => {
    const shared = aspectsOf([other]).slice(0, 4).filter(one => own.has(one.aspect)).map(one => one.name);
    return make("li", {}, button([make("span", {}, content.ids[other]), make("small", {},
      `${shared.length ? shared.join(", ") + " · " : ""}cosine ${content.cosines[user][place].toFixed(3)}`)],
      () => actions.open(other), {class: "plain"}));
  });
  section.replaceChildren(make("h2", {}, content.ids[user]), make("p", {class: "note"}, factsOf(user)),
    ...(content.aspects.length ? [heading("Speaks of"), aspectBars([user])] : []),
    heading("Words that distinguish this user"), wordChips(content.userWords[user], actions),
    heading("From a review"), passageOf(user) || make("p", {class: "note"}, "No training review with text."),
    heading("Nearest users in the attention, with shared aspects"), make("ol", {}, neighbours),
    make("p", {class: "row"}, button("Select these", () => actions.select([user, ...near],
      `${content.ids[user]} and the nearest users`)), button("Close", () => actions.open(-1))));
}

/** What a selection has in common, and who is in it. */
function fillSelection(section, users, name, actions) {
  if (!users.length) {
    return section.replaceChildren(make("h2", {}, "No group is selected"), make("p", {class: "note"},
      "Choose a colour below, search a word, or drag a lasso around points: this panel then says what these users " +
      "have in common."));
  }
  const words = distinctive(users, content.userWords, content.words.length).slice(0, 12).map(one => one.value);
  const items = distinctive(users, content.userItems, content.items.length)
    .sort((a, b) => b.count - a.count || b.score - a.score).slice(0, TOP);
  const members = users.slice(0, MEMBERS).map(user => make("li", {}, button([make("span", {}, content.ids[user]),
    make("small", {}, labelOf("aspect", user) || plural(content.reviews[user], "review"))],
    () => actions.open(user), {class: "plain"})));
  const rest = users.length - members.length;
  const stars = meanOf("stars", users);
  section.replaceChildren(make("h2", {}, name), make("p", {class: "note"},
    `${plural(users.length, "user")} of ${userCount.toLocaleString("en")}` +
    (isNaN(stars) ? "" : ` · ${stars.toFixed(2)} stars on average`)),
    make("p", {class: "row"}, button("Export as TSV", () => actions.save(users)), button("Clear", () => actions.clear())),
    ...(content.aspects.length ? [heading("Speak of"), aspectBars(users)] : []),
    heading("Words that distinguish them"), words.length ? wordChips(words, actions) : make("p", {class: "note"}, "None."),
    heading("Items that they reviewed more than others"), itemTable(items),
    heading("Members"), make("ol", {class: "scroll"}, members,
      rest ? make("li", {}, make("small", {}, `and ${plural(rest, "user")} more, all of them in the export`)) : null));
}

/** Items, how many of the users reviewed each, and how often against all users. */
function itemTable(items) {
  if (!items.length) return make("p", {class: "note"}, "None.");
  return make("div", {class: "items"}, ["", "users", "vs all"].map(text => make("small", {}, text)),
    items.flatMap(one => [make("span", {}, content.items[one.value]),
      make("span", {class: "number"}, one.count.toLocaleString("en")),
      make("span", {class: "number"}, `${one.lift.toFixed(1)}×`)]));
}

/** What the numbers on the maps mean, where the list of the colours does not say it. */
function fillGroups(section, isLegend, actions) {
  if (isLegend) return section.replaceChildren();
  const users = colouringOf.group.labels.map(() => []);
  colouringOf.group.values.forEach((group, user) => users[group].push(user));
  section.replaceChildren(make("h2", {}, "Groups on the maps"), make("p", {class: "note"}, content.groupNote),
    make("ul", {class: "scroll"}, users.map((members, group) => make("li", {}, button([
      make("span", {}, groupName(group)), make("small", {}, plural(members.length, "user"))],
    () => actions.select(members, `Group ${groupName(group)}`), {class: "plain"})))));
}

/** The colours: a button for each category, which selects its users, or the ends of a range. */
function fillLegend(section, colouring, groups, colours, ends, actions) {
  const title = make("h2", {}, colouring.title[0].toUpperCase() + colouring.title.slice(1));
  if (!colouring.labels.length) {
    return section.replaceChildren(title, make("div", {class: "ramp",
      style: `background: linear-gradient(90deg, ${range(STEPS).map(step => colours[step]).join(", ")})`}),
      make("p", {class: "ends"}, ...ends.map(end => make("span", {}, end))));
  }
  const note = colouring.name === "group" ? make("p", {class: "note"}, content.groupNote) : "";
  section.replaceChildren(title, note, make("ul", {class: "scroll"}, groups.map(({label, users, colour}) => make("li", {},
    button([make("span", {class: "swatch", style: `background: ${colour}`}), make("span", {}, label),
      make("small", {}, plural(users.length, "user"))], () => actions.select(users, label), {class: "plain"})))));
}
