// The two languages of what scripts say, and how they put it on the page: never as markup.
const chinese = document.documentElement.lang.startsWith("zh");

export const t = (zh, en) => (chinese ? zh : en);
export const said = (pair) => t(pair.zh, pair.en);

// An element with its attributes and what is in it: texts and elements.
export function made(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside.filter((each) => each != null));
  return element;
}

export function button(called, act) {
  const element = made("button", { type: "button" }, called);
  element.addEventListener("click", act);
  return element;
}

export const minute = (moment) =>
  new Date(moment).toLocaleString(document.documentElement.lang, {
    month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
  });
