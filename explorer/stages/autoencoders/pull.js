/** Pull: what was noised and is rebuilt comes back; in the plane the pull stands beside the exact score. */

import { Parted } from "../kit/panel/parted.js";
import { PullPlane } from "./pull_plane.js";

export default {
  create: (ctx) => new Parted(ctx, "pull", { dropped: (...given) => new PullPlane(...given) }),
};
