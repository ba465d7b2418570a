// The labels of a map: number and name of each group whose users lie together; the number alone where a name has no room.
const LABEL_FONT = "bold 12px Helvetica, Arial, sans-serif", HALF_LINE = 9;

/** How the list calls a group: its number in `tsne.tsv`, and its name. */
function groupName(group) {
  return `${group + 1} ${colouringOf.group.labels[group]}`;
}

/** The groups by attention query whose users lie near their median point, large ones first: [{texts, place, size}]. */
function labelsOf(chart) {
  const {labels, values} = colouringOf.group, members = labels.map(() => []);
  values.forEach((value, user) => members[value].push(user));
  const median = (users, axis) => users.map(user => chart.points[2 * user + axis]).sort((a, b) => a - b)[users.length >> 1];
  const spread = (users, place) => users.reduce((sum, user) => sum + Math.hypot(chart.points[2 * user] - place[0],
    chart.points[2 * user + 1] - place[1]), 0) / users.length;
  const all = range(userCount), usual = spread(all, [median(all, 0), median(all, 1)]);
  return labels.map((label, group) => {
    const users = members[group], place = [median(users, 0), median(users, 1)];
    const name = groupName(group).split(", ").slice(0, 2).join(", ");
    return {texts: [name, String(group + 1)], place, size: users.length, near: spread(users, place) < .5 * usual};
  }).filter(label => label.near).sort((a, b) => b.size - a.size);
}

/**
 * Where the labels of a chart are drawn: [{text, x, y}]. Names come first, then the numbers of the groups whose name has
 * no room on any side of them; a number without room stands on its group.
 */
function placed(labels, chart) {
  const shown = labels.map(label => ({...label, at: chart.at(label.place)}))
    .filter(({at: [x, y]}) => x >= 0 && x <= chart.width && y >= 0 && y <= chart.height);
  const taken = shown.map(({at: [x, y]}) => ({x, y, wide: chart.radius + 2, high: chart.radius + 2}));
  const isFree = box => box.y > HALF_LINE && box.y < chart.height - HALF_LINE && box.x >= box.wide &&
    box.x <= chart.width - box.wide && !taken.some(other =>
    Math.abs(other.x - box.x) < other.wide + box.wide && Math.abs(other.y - box.y) < other.high + box.high);
  const found = [];
  let left = shown;
  for (const kind of [0, 1]) {
    left = left.filter(({texts, at}) => {
      const box = sidesOf(at, chart.pen.measureText(texts[kind]).width / 2 + 4, chart).find(isFree);
      if (!box) return true;
      taken.push(box);
      found.push({text: texts[kind], x: box.x, y: box.y});
      return false;
    });
  }
  return [...found, ...left.map(({texts, at: [x, y]}) => ({text: texts[1], x, y}))];
}

/** The boxes of a text of half a width below a place, above it, to the right and to the left. */
function sidesOf([x, y], wide, chart) {
  const gap = chart.radius + HALF_LINE + 5, inside = Math.min(Math.max(x, wide), Math.max(wide, chart.width - wide));
  return [[inside, y + gap], [inside, y - gap], [x + wide + gap / 2, y], [x - wide - gap / 2, y]]
    .map(([middle, line]) => ({x: middle, y: line, wide, high: HALF_LINE}));
}
