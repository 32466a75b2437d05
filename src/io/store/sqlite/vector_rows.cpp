#include "io/store/sqlite/vector_rows.hpp"

#include <cstring>
#include <map>
#include <tuple>

#include "core/base/crypto.hpp"

namespace hayate::store {
namespace {

void add(std::vector<EmbeddableText>& texts, const DocKey& doc, std::string part,
         const std::string& text) {
    if (!text.empty()) texts.push_back({doc, std::move(part), text});
}

void add(std::vector<EmbeddableText>& texts, const DocKey& doc, const std::string& part,
         const LocalText& text) {
    add(texts, doc, part + "_en", text.en);
    add(texts, doc, part + "_ja", text.ja);
}

std::string joined(const std::string& title, std::string_view between, const std::string& text) {
    if (title.empty() || text.empty()) return text;
    return title + std::string(between) + text;
}

/// The model is part of the hash: a vector of another model never matches.
std::string hash_of(const Embedder& embedder, const std::string& text) {
    return base::sha256_hex(embedder.model_id + '\n' + text).substr(0, 32);
}

std::vector<float> floats_of(std::string_view bytes) {
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

}  // namespace

std::vector<EmbeddableText> embeddable_texts(const Series& series) {
    std::vector<EmbeddableText> texts;
    const DocKey doc{HitKind::kSeries, series.id};
    add(texts, doc, "title", series.title);
    // With its title: a description says "he", the title says who.
    add(texts, doc, "description_en", joined(series.title.en, ". ", series.description.en));
    add(texts, doc, "description_ja", joined(series.title.ja, "。", series.description.ja));
    return texts;
}

std::vector<EmbeddableText> embeddable_texts(const FaqEntry& faq) {
    std::vector<EmbeddableText> texts;
    const DocKey doc{HitKind::kFaq, faq.id};
    add(texts, doc, "question", faq.question);
    for (size_t i = 0; i < faq.variants_en.size(); ++i) {
        add(texts, doc, "variant_en_" + std::to_string(i), faq.variants_en[i]);
    }
    for (size_t i = 0; i < faq.variants_ja.size(); ++i) {
        add(texts, doc, "variant_ja_" + std::to_string(i), faq.variants_ja[i]);
    }
    return texts;
}

Result<std::vector<StoredVectorPtr>> vectors_of_model(Connection& connection,
                                                      std::string_view model_id) {
    std::vector<StoredVectorPtr> vectors;
    Rows rows = connection.query(
        "SELECT kind, doc, part, hash, vector FROM vectors WHERE model = ?1 ORDER BY kind, doc, "
        "part",
        model_id);
    while (rows.next()) {
        vectors.push_back(std::make_shared<StoredVector>(
            StoredVector{.doc = {hit_kind_of(rows.view(0)), rows.text(1)},
                         .part = rows.text(2),
                         .hash = rows.text(3),
                         .values = floats_of(rows.view(4))}));
    }
    if (!rows.status()) return fail(rows.error());
    return vectors;
}

Status replace_vectors(Connection& connection, HitKind kind, std::string_view model_id,
                       const std::vector<StoredVectorPtr>& vectors) {
    const auto cleared = connection.run("DELETE FROM vectors WHERE kind = ?1", name_of(kind));
    if (!cleared) return fail(cleared.error());
    for (const StoredVectorPtr& vector : vectors) {
        const Blob bytes{{reinterpret_cast<const char*>(vector->values.data()),
                          vector->values.size() * sizeof(float)}};
        const auto stored =
            connection.run("INSERT INTO vectors VALUES(?1, ?2, ?3, ?4, ?5, ?6)", name_of(kind),
                           vector->doc.id, vector->part, model_id, vector->hash, bytes);
        if (!stored) return fail(stored.error());
    }
    return {};
}

std::vector<StoredVectorPtr> embed_changed(const std::vector<EmbeddableText>& texts,
                                           const std::vector<StoredVectorPtr>& existing,
                                           const Embedder& embedder, size_t& embedded) {
    std::map<std::tuple<DocKey, std::string, std::string>, StoredVectorPtr> known;
    for (const StoredVectorPtr& vector : existing) {
        known.emplace(std::tuple(vector->doc, vector->part, vector->hash), vector);
    }
    std::vector<StoredVectorPtr> vectors;
    for (const EmbeddableText& text : texts) {
        std::string hash = hash_of(embedder, text.text);
        if (const auto found = known.find({text.doc, text.part, hash}); found != known.end()) {
            vectors.push_back(found->second);
            continue;
        }
        ++embedded;
        vectors.push_back(std::make_shared<StoredVector>(
            StoredVector{text.doc, text.part, std::move(hash), embedder.embed(text.text)}));
    }
    return vectors;
}

}  // namespace hayate::store
