"""Photographs of clothes.

Reference: Xiao et al., Fashion-MNIST, 2017, https://arxiv.org/abs/1708.07747
"""

from explorer.data.images import ImageSet

CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
FASHION_MNIST = ImageSet("fashion-mnist", "Fashion-MNIST", "zalando-datasets/fashion_mnist", CLASSES, others="mnist")
