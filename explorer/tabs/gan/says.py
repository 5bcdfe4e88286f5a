"""Names, sentences and figures of the sixteen images, their plane and their film (`stages/kit/panel/says.js`)."""

GENERATE = {
    "draws": "Sixteen draws",
    "plane": "Plane through A, B, C",
    "film": "From A to B",
    "caption": "Frame {at:0} from A to B: {name}",
    "place": "u {u}  v {v}  {words}",
    "score": "score {score}",
    "waits": "score …",
    "of_image": "image {number:0}",
    "in_plane": "in the plane",
    "of_film": "frame {number:0}",
}
GENERATE_ROWS = [
    ("looking at", "{what}", ""),
    ("requested class", "{name}", ""),
    ("discriminator’s score, above 0: real", "{score}", ""),
]
