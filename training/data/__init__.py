"""The examples that the rewriter learns from: public sets, what is made of them, and what grammars make."""
