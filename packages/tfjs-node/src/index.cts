/** For `require`: the same module, not a second one. */
import tf = require("./index.js");

export = tf;
