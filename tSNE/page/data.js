// The content of the page, a search in it, and the description of a selection. Nothing here touches the page.
const content = JSON.parse(document.getElementById("content").textContent);
const userCount = content.ids.length;
const colouringOf = Object.fromEntries(content.colourings.map(one => [one.name, one]));
const foldedIds = content.ids.map(id => id.toLowerCase());
const FEW = 8, FIRST = 3;
// What a result of the search counts: not all users who wrote a word, but those of whom it is typical.
const MEANING = {aspect: `among the ${FIRST} first aspects of`, word: "typical word of"};
const TYPICAL = `A word is typical of a user if it is one of the ${content.typicalWords} that distinguish the user's ` +
  "reviews most from those of all others.";
const typicalOf = word => `Users with “${word}” as a typical word`;

// The users of each word, as lists; made once.
const usersOfWord = content.words.map(() => []);
content.userWords.forEach((words, user) => words.forEach(word => usersOfWord[word].push(user)));

/** The users whose first aspects include one. */
function usersOfAspect(aspect) {
  return range(userCount).filter(user => content.userAspects[user].slice(0, 3 * FIRST).some((value, place) =>
    place % 3 === 0 && value === aspect));
}

function range(count) {
  return Array.from({length: count}, (_, number) => number);
}

/** What a text finds: [{kind, label, users}], exact words and ids first. */
function search(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const sets = (kind, names, usersOf) => range(names.length)
    .filter(number => names[number].toLowerCase().includes(wanted))
    .sort((a, b) => rank(names[a], wanted) - rank(names[b], wanted))
    .slice(0, FEW).map(number => ({kind, label: names[number], users: usersOf(number)}))
    .filter(found => found.users.length);
  const users = [];
  for (let user = 0; user < userCount && users.length < FEW; user++) {
    if (foldedIds[user].includes(wanted)) users.push({kind: "user", label: content.ids[user], users: [user]});
  }
  return [...sets("aspect", content.aspects, usersOfAspect), ...sets("word", content.words, word => usersOfWord[word]),
    ...users];
}

/** How well a name fits: equal, begins with the text, contains it. */
function rank(name, wanted) {
  const folded = name.toLowerCase();
  return folded === wanted ? 0 : folded.startsWith(wanted) ? 1 : 2;
}

/**
 * What a list of users has more often than all others, by the score of `distinctive_scores`, and how often against all
 * users: [{value, count, score, lift}].
 */
function distinctive(users, columns, size) {
  const inside = new Float64Array(size), total = new Float64Array(size);
  columns.forEach(values => values.forEach(value => total[value]++));
  users.forEach(user => columns[user].forEach(value => inside[value]++));
  const others = Math.max(1, userCount - users.length);
  return range(size).filter(value => inside[value] >= Math.min(2, users.length)).map(value => {
    const own = inside[value] / users.length, rest = (total[value] - inside[value]) / others;
    // Two users by the average are added, as two reviews are in `aspectsOf`.
    const average = total[value] / userCount, lift = (inside[value] + 2 * average) / (users.length + 2) / average;
    return {value, count: inside[value], score: (own - rest) / Math.sqrt(own + rest), lift};
  }).filter(one => one.score > 0).sort((a, b) => b.score - a.score || a.value - b.value);
}

/** The aspects of users: share of their reviews that speak of each, against that of all reviews, and share of praise. */
function aspectsOf(users) {
  const mentions = new Float64Array(content.aspects.length), praise = new Float64Array(content.aspects.length);
  let reviews = 0;
  for (const user of users) {
    const triples = content.userAspects[user];
    reviews += content.reviews[user];
    for (let place = 0; place < triples.length; place += 3) {
      mentions[triples[place]] += triples[place + 1];
      praise[triples[place]] += triples[place + 2] / 10;
    }
  }
  return range(mentions.length).filter(aspect => mentions[aspect] > 0).map(aspect => {
    const share = mentions[aspect] / Math.max(1, reviews);
    // Two reviews by the average are added, so that few reviews do not have the largest values.
    const lift = (mentions[aspect] + 2 * content.average[aspect]) / (reviews + 2) / content.average[aspect];
    return {aspect, name: content.aspects[aspect], mentions: mentions[aspect], share, lift,
      praise: praise[aspect] / mentions[aspect]};
  }).sort((a, b) => b.lift - a.lift);
}

/** Mean of the known numbers of a colouring over users; NaN where none is known. */
function meanOf(name, users) {
  const known = users.map(user => colouringOf[name].values[user]).filter(value => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The label of a user in a colouring of categories; "" where there is none. */
function labelOf(name, user) {
  const one = colouringOf[name];
  return one && one.values[user] >= 0 ? one.labels[one.values[user]] : "";
}

/** The users as tab-separated text, one line for each; what a spreadsheet would execute follows an apostrophe. */
function table(users) {
  const clean = text => String(text).replace(/[\t\r\n\u2028\u2029]+/g, " ").replace(/^'*[=+\-@]/, "'$&");
  const head = ["user_id", "group", "dominant_aspect", "mean_stars", "reviews", "aspects", "words", "passage"];
  const rows = users.map(user => [content.ids[user], labelOf("group", user), labelOf("aspect", user),
    colouringOf.stars.values[user] ?? "", content.reviews[user],
    aspectsOf([user]).map(one => `${one.name} (${one.mentions})`).join(", "),
    content.userWords[user].map(word => content.words[word]).join(", "), content.passages[user]]);
  return [head, ...rows].map(row => row.map(clean).join("\t") + "\n").join("");
}
