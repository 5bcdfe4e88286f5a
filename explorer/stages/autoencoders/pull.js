/** Pull: what was noised and is rebuilt comes back; in the plane the pull stands beside the exact score. */

import { parted } from "../kit/panel/parted.js";
import { PullPlane } from "./pull_plane.js";

export default parted({ dropped: (ctx, id) => new PullPlane(ctx, id) });
