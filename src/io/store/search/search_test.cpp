#include <cmath>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store/search/dot.hpp"
#include "io/store/search/fusion.hpp"
#include "io/store/search/name_index.hpp"
#include "io/store/search/product_order.hpp"
#include "io/store/search/vector_index.hpp"

namespace hayate::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DocKey series(const std::string& id) { return {HitKind::kSeries, id}; }

std::vector<std::string> ids(const std::vector<Fused>& fused) {
    std::vector<std::string> ids;
    for (const Fused& f : fused) ids.push_back(f.doc.id);
    return ids;
}

TEST(Fusion, SumsReciprocalRanks) {
    const std::vector<RankedList> lists{{.docs = {series("a"), series("b"), series("c")}},
                                        {.docs = {series("b"), series("d")}}};
    const auto fused = fuse(lists, 10);
    EXPECT_THAT(ids(fused), ElementsAre("b", "a", "d", "c"));
    EXPECT_DOUBLE_EQ(fused[0].score, 1.0 / 62 + 1.0 / 61);
    EXPECT_DOUBLE_EQ(fused[1].score, 1.0 / 61);
}

TEST(Fusion, WeighsCutsAndCountsADocumentOncePerList) {
    const std::vector<RankedList> lists{{.docs = {series("a"), series("a"), series("b")}},
                                        {.weight = 4, .docs = {series("z")}}};
    const auto fused = fuse(lists, 2);
    EXPECT_THAT(ids(fused), ElementsAre("z", "a"));
    EXPECT_DOUBLE_EQ(fused[1].score, 1.0 / 61);
    EXPECT_THAT(fuse({}, 5), IsEmpty());
}

TEST(Fusion, KeepsKindsApart) {
    const std::vector<RankedList> lists{{.docs = {{HitKind::kFaq, "a"}, {HitKind::kSeries, "a"}}}};
    EXPECT_EQ(fuse(lists, 10).size(), 2U);
}

std::vector<std::string> found(const NameIndex& index, std::string_view question) {
    std::vector<std::string> docs;
    for (const auto& name : index.find(question)) docs.push_back(name.doc);
    return docs;
}

TEST(NameIndex, FindsTitlesAndAliasesInsideQuestions) {
    const NameIndex index({{"aot", "Attack on Titan"},
                           {"aot", "AoT"},
                           {"aot", "進撃の巨人"},
                           {"aot", "進撃"},
                           {"op", "One Piece"},
                           {"op", "ワンピース"},
                           {"dr", "Dr. STONE"},
                           {"nana", "ナナ"}});
    EXPECT_THAT(found(index, "What special editions of AoT exist?"), ElementsAre("aot"));
    EXPECT_THAT(found(index, "進撃の巨人の特装版"), ElementsAre("aot"));
    EXPECT_THAT(found(index, "進撃とわんぴーすどっちが長い"), ElementsAre("aot", "op"));
    EXPECT_THAT(found(index, "ONEPIECE or drstone?"), ElementsAre("op", "dr"));
    EXPECT_THAT(found(index, "ＯＮＥ　ＰＩＥＣＥの1巻"), ElementsAre("op"));
    EXPECT_THAT(found(index, "バナナの漫画"), IsEmpty());
    EXPECT_THAT(found(index, "ナナの1巻"), ElementsAre("nana"));
    EXPECT_THAT(found(index, "one more piece, attack"), IsEmpty());
    EXPECT_THAT(found(index, ""), IsEmpty());
}

TEST(NameIndex, TakesTheLongestNameAndKnowsOrdinaryWords) {
    const NameIndex index({{"n", "Naruto"},
                           {"ns", "Naruto Shippuden"},
                           {"m", "Monster", NameIndex::Kind::kCommonWord},
                           {"x", "の"},
                           {"y", "7"}});
    EXPECT_THAT(found(index, "naruto shippuden"), ElementsAre("ns"));
    const auto monster = index.find("a monster book");
    ASSERT_EQ(monster.size(), 1U);
    EXPECT_EQ(monster[0].kind, NameIndex::Kind::kCommonWord);
    EXPECT_THAT(found(index, "7 の"), IsEmpty());  // too short to be a name
    EXPECT_EQ(NameIndex::single_word("Monster"), "monster");
    EXPECT_EQ(NameIndex::single_word("One Piece"), "");
    EXPECT_EQ(NameIndex::single_word("進撃"), "");
}

StoredVectorPtr random_vector(std::mt19937& random, int doc, int part) {
    std::normal_distribution<float> normal;
    std::vector<float> values(64);
    float square = 0;
    for (float& value : values) {
        value = normal(random);
        square += value * value;
    }
    for (float& value : values) value /= std::sqrt(square);
    return std::make_shared<StoredVector>(StoredVector{
        series("d" + std::to_string(doc)), "p" + std::to_string(part), "h", std::move(values)});
}

std::vector<StoredVectorPtr> random_vectors(int docs, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<StoredVectorPtr> vectors;
    for (int doc = 0; doc < docs; ++doc) {
        for (int part = 0; part < 2; ++part) vectors.push_back(random_vector(random, doc, part));
    }
    return vectors;
}

std::set<std::string> nearest_ids(const VectorIndex& index, const std::vector<float>& query) {
    std::set<std::string> ids;
    for (const Neighbour& neighbour : index.nearest(query, 10)) ids.insert(neighbour.doc.id);
    return ids;
}

TEST(VectorIndex, FlatSearchIsExactAndGivesTheBestVectorOfADocument) {
    const auto vectors = random_vectors(50, 1);
    const VectorIndex index(vectors, nullptr);
    const auto& query = vectors[33]->values;  // document 16
    const auto nearest = index.nearest(query, 3);
    ASSERT_EQ(nearest.size(), 3U);
    EXPECT_EQ(nearest[0].doc, series("d16"));
    EXPECT_NEAR(nearest[0].similarity, 1, 1e-5);
    EXPECT_GE(nearest[1].similarity, nearest[2].similarity);
    EXPECT_NEAR(index.similarity(series("d16"), query), 1, 1e-5);
    EXPECT_EQ(index.similarity(series("unknown"), query), 0);
    EXPECT_THAT(index.nearest(std::vector<float>(8), 3), IsEmpty());  // another dimension
    EXPECT_FALSE(index.wants_graph());
}

TEST(VectorIndex, AGraphFindsNearlyAllThatAFlatSearchFinds) {
    const auto vectors = random_vectors(2500, 2);
    const VectorIndex flat(vectors, nullptr);
    EXPECT_TRUE(flat.wants_graph());
    const VectorIndex graph(vectors, std::make_shared<const VectorGraph>(vectors));
    EXPECT_FALSE(graph.wants_graph());
    size_t common = 0;
    for (int i = 0; i < 50; ++i) {
        // Near a stored vector, as questions are; random points of 64 dimensions have no neighbours
        // at all.
        const auto& query = vectors[static_cast<size_t>(i * 7)]->values;
        const auto wanted = nearest_ids(flat, query);
        for (const auto& id : nearest_ids(graph, query)) common += wanted.contains(id) ? 1 : 0;
    }
    EXPECT_GE(common, 400U);  // of 500
}

TEST(VectorIndex, AnOldGraphServesANewCatalog) {
    auto vectors = random_vectors(100, 3);
    const auto graph = std::make_shared<const VectorGraph>(vectors);
    std::mt19937 random(4);
    const auto added = random_vector(random, 500, 0);
    const auto removed = vectors[20];  // document 10, both parts
    vectors.erase(vectors.begin() + 20, vectors.begin() + 22);
    vectors.push_back(added);
    const VectorIndex index(vectors, graph);
    EXPECT_EQ(index.nearest(added->values, 1).at(0).doc, series("d500"));
    for (const Neighbour& neighbour : index.nearest(removed->values, 50))
        EXPECT_NE(neighbour.doc, removed->doc);
}

TEST(Dot, MatchesTheSimpleLoopForEveryLength) {
    std::mt19937 random(5);
    for (size_t size = 0; size < 70; ++size) {
        std::vector<float> a(size);
        std::vector<float> b(size);
        double wanted = 0;
        for (size_t i = 0; i < size; ++i) {
            a[i] = static_cast<float>(random() % 100) / 10;
            b[i] = static_cast<float>(random() % 100) / 10;
            wanted += static_cast<double>(a[i]) * b[i];
        }
        EXPECT_NEAR(dot(a.data(), b.data(), size), wanted, 1e-2);
    }
}

TEST(Volumes, AreNumbersThatMeanAVolume) {
    EXPECT_THAT(volumes_named("One Piece vol. 3"), ElementsAre(3));
    EXPECT_THAT(volumes_named("ワンピース第105巻"), ElementsAre(105));
    EXPECT_THAT(volumes_named("One Piece 12"), ElementsAre(12));
    EXPECT_THAT(volumes_named("volume 3 under 200 yen"), ElementsAre(3));
    EXPECT_THAT(volumes_named("under 200 yen"), IsEmpty());
    EXPECT_THAT(volumes_named("200円以下"), IsEmpty());
    EXPECT_THAT(volumes_named("1999"), IsEmpty());
}

Product product(const std::string& sku, const std::string& kind, const std::string& language,
                int volume, const std::string& edition = "") {
    Product p{.sku = sku, .series = "s", .kind = kind, .language = language};
    if (volume > 0) p.volume = volume;
    p.edition.en = edition;
    return p;
}

std::vector<std::string> skus(const std::vector<Product>& products) {
    std::vector<std::string> skus;
    for (const Product& p : products) skus.push_back(p.sku);
    return skus;
}

TEST(Products, AreOrderedByWhatTheQuestionAsksFor) {
    const Vocabulary vocabulary{{"special_edition", "special edition\n特装版"},
                                {"box_set", "box set\nボックスセット"},
                                {"en", "English\n英語版"},
                                {"ja", "Japanese\n日本語版"}};
    Product box = product("box", "box_set", "ja", 0);
    box.volumes = {1, 10};
    const std::vector<Product> all{
        product("ja2", "volume", "ja", 2), product("en1", "volume", "en", 1),
        product("ja1", "volume", "ja", 1), product("sp", "special_edition", "ja", 0, "Gold"), box};
    EXPECT_EQ(skus(best_products(all, "何がありますか", vocabulary)).at(0), "ja1");
    EXPECT_EQ(skus(best_products(all, "what is there", vocabulary)).at(0), "en1");
    EXPECT_EQ(skus(best_products(all, "特装版はありますか", vocabulary)).at(0), "sp");
    EXPECT_EQ(skus(best_products(all, "any gold one", vocabulary)).at(0), "sp");
    EXPECT_EQ(skus(best_products(all, "is there a box set", vocabulary)).at(0), "box");
    EXPECT_EQ(skus(best_products(all, "第2巻", vocabulary)).at(0), "ja2");
    EXPECT_EQ(skus(best_products(all, "英語版はありますか", vocabulary)).at(0), "en1");
    EXPECT_EQ(best_products(all, "x", vocabulary, 2).size(), 2U);
    EXPECT_THAT(best_products({}, "x", vocabulary), IsEmpty());
}

}  // namespace
}  // namespace hayate::store
