/** Pull: what was noised and is rebuilt comes back; in the plane the pull stands beside the exact score. */

import { createMode } from "../kit/panel/mode.js";
import { parted } from "../kit/panel/parted.js";
import { pullPlane } from "./pull_plane.js";

export default parted({ dropped: createMode(pullPlane) });
