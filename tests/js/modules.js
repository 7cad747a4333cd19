/** `node --import`: Node before 20.19 takes the scripts of static/js for CommonJS unless told that they are modules. */
import { register } from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  const hook = `export async function load(url, context, next) {
    return next(url, url.includes("/static/js/") ? { ...context, format: "module" } : context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
