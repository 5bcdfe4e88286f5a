r"""A recurrent network over characters: the long short-term memory (LSTM).

Notation: state $(h_t, c_t)$ of width D after t characters; $e_t$ the embedding of character t. A layer computes

$$ (i, f, o, g) = W_e \, e_t + W_h \, h_{t-1} + b, \qquad
c_t = \sigma(f) \odot c_{t-1} + \sigma(i) \odot \tanh(g), \qquad h_t = \sigma(o) \odot \tanh(c_t) $$

All that the network knows of the text lies in the state, however long the text is. So reading one more character always
costs the same. The first prediction comes from a start symbol and the state 0.

References:
    Hochreiter & Schmidhuber, Long Short-Term Memory, 1997
    Gers et al., Learning to Forget: Continual Prediction with LSTM, 2000 (the forget gate f)
    Graves, Generating Sequences With Recurrent Neural Networks, 2013, https://arxiv.org/abs/1308.0850
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.text import TextModel, excerpts
from explorer.models.transformer import shift
from explorer.spaces import TEXT

State = tuple[Tensor, Tensor]  # h and c of all layers, each (layers, n, D)


class LSTM(TextModel):
    """LSTM over the characters of Shakespeare.

    Arguments:
        width, layers: D and the number of layers, each of which reads the states h of the one below.
        embedding: Width of the embedding of a character.
        excerpt: Number of characters of a training excerpt.
        dropout: Share of the top layer's h that is dropped in training.
    """

    title = "LSTM"

    def __init__(
        self, width: int = 384, layers: int = 1, embedding: int = 64, excerpt: int = 256, dropout: float = 0.0
    ):
        super().__init__()
        self.excerpt = excerpt
        self.embedding = nn.Embedding(TEXT.size + 1, embedding)
        self.cells = nn.LSTM(embedding, width, layers, batch_first=True)
        self.dropout, self.head = nn.Dropout(dropout), nn.Linear(width, TEXT.size)

    def forward(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Compute the logits after every symbol, (B, T) integers up to V to (B, T, V), and the last state.

        `state` is the state before the first symbol; 0 if None.
        """
        hidden, last = self.cells(self.embedding(symbols), state)
        return self.head(self.dropout(hidden)), last

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p of the characters of random excerpts, in nats a character: (B, T ≥ `excerpt`)."""
        part = excerpts(x, self.excerpt, generator)
        logits, _ = self(shift(part))
        return F.cross_entropy(logits.flatten(0, 1).float(), part.flatten())

    def log_probs(self, x: Tensor) -> Tensor:
        """Compute log p(· | x_<t) at every position, in nats: (B, T) to (B, T, V)."""
        return self(shift(x))[0].log_softmax(-1)

    @torch.no_grad()
    def memory(self, x: Tensor) -> Tensor:
        """Compute the cell state c_t of the top layer after every character, of any sign: (B, T) to (B, T, D).

        Raises:
            ValueError: if `x` holds other numbers than those of characters.
        """
        self.space.check(x)
        found, state = [], None
        for symbol in F.pad(x, (1, 0), value=TEXT.size).split(1, dim=1):
            _, state = self(symbol, state)
            found.append(state[1][-1])
        return torch.stack(found[1:], dim=1)

    def reader(self, n: int) -> "StateReader":
        """Return a reader that keeps the state only."""
        return StateReader(self, n)


class StateReader:
    """Reader that keeps the state after the last character."""

    def __init__(self, model: LSTM, n: int):
        self.model, self.start, self.state = model, torch.full((n, 1), TEXT.size), None

    def read(self, x: Tensor) -> Tensor:
        """Read the next characters (n, k), and return log p of the character after them: (n, V)."""
        symbols = torch.cat([self.start, x], dim=1) if self.state is None else x
        logits, self.state = self.model(symbols.to(self.model.head.weight.device), self.state)
        return logits[:, -1].log_softmax(-1)
