"""Sentences and figures of what the browser computes in the lab (`stages/kit/panel/says.js`)."""

GAUSSIANS = {
    "sum": "The distance is {distance}: {means} from the means and {covariances} from the covariances.",
    "gaussian": "Both sets are Gaussian, so it is 0 only if they are equal.",
    "other": "The shape of the orange set changes neither: the Fréchet distance uses mean and covariance alone.",
}
GAUSSIAN_ROWS = [
    ("Fréchet distance", "{distance}", ""),
    ("of the means", "{means}", ""),
    ("of the covariances", "{covariances}", ""),
    ("kernel distance of the points", "{kernel}", ""),
]
