#pragma once
// Embeddings in the database: what a text was embedded to is kept with the text's hash and the
// model's id, so that a restart or a new import embeds only what has changed.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/search/vector_index.hpp"
#include "io/store/sqlite/connection.hpp"

namespace hayate::store {

/// How texts become vectors. This room knows no model: the server hands one in.
struct Embedder {
    std::string model_id;  // vectors of different models are never mixed
    std::function<std::vector<float>(std::string_view)> embed;
    [[nodiscard]] bool is_set() const { return static_cast<bool>(embed); }
};

/// A text of a document that wants a vector.
struct EmbeddableText {
    DocKey doc;
    std::string part;
    std::string text;
};
[[nodiscard]] std::vector<EmbeddableText> embeddable_texts(const Series& series);
[[nodiscard]] std::vector<EmbeddableText> embeddable_texts(const FaqEntry& faq);

/// The vectors made by one model.
[[nodiscard]] Result<std::vector<StoredVectorPtr>> vectors_of_model(Connection& connection,
                                                                    std::string_view model_id);
/// Replaces all vectors of a kind of document.
[[nodiscard]] Status replace_vectors(Connection& connection, HitKind kind,
                                     std::string_view model_id,
                                     const std::vector<StoredVectorPtr>& vectors);

/// The vectors that `texts` should have, reusing those of `existing` whose text and model are the
/// same. `embedded` counts the others. Blocks for about 1 ms each.
[[nodiscard]] std::vector<StoredVectorPtr> embed_changed(
    const std::vector<EmbeddableText>& texts, const std::vector<StoredVectorPtr>& existing,
    const Embedder& embedder, size_t& embedded);

}  // namespace hayate::store
