/** Through the layers: how z becomes an image, what its coarse and its fine part say, and how long a z usually is. */

import { parted } from "../kit/panel/parted.js";
import { createLayersFilm } from "./layers_film.js";
import { takeImages } from "./of_images.js";

export default parted({ film: createLayersFilm }, takeImages);
