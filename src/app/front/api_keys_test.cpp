#include "app/front/api_keys.hpp"

#include <gtest/gtest.h>

#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

store::ApiKey key_called(const std::string& id) {
    return {.id = id, .tenant = "t", .role = "user"};
}

TEST(ApiKey, IsShownOnceAndKeptAsAHash) {
    const NewKey made = make_key("shop", "service", "backend", 42);
    EXPECT_TRUE(looks_like_key(made.text.reveal()));
    EXPECT_EQ(made.text.reveal().size(), 46U);
    EXPECT_EQ(made.hash, base::sha256_hex(made.text.reveal()));
    EXPECT_EQ(made.key.tenant, "shop");
    EXPECT_EQ(made.key.created_ms, 42);
    EXPECT_EQ(made.text.reveal().find(made.key.id.substr(2)), std::string_view::npos);
    EXPECT_NE(make_key("shop", "service", "backend", 42).hash, made.hash);
}

TEST(ApiKey, OnlyItsExactShapeIsLookedUp) {
    const std::string good = "hk_" + std::string(43, 'a');
    EXPECT_TRUE(looks_like_key(good));
    for (const std::string& bad :
         {std::string(), std::string("hk_"), good + "a", good.substr(1), "HK_" + good.substr(3),
          "hk_" + std::string(42, 'a') + "'", "hk_" + std::string(42, 'a') + "\n",
          std::string(100'000, 'h')}) {
        EXPECT_FALSE(looks_like_key(bad));
    }
}

TEST(ApiKey, IsReadFromEitherHeader) {
    const std::string a = "hk_" + std::string(43, 'a');
    const std::string b = "hk_" + std::string(43, 'b');
    EXPECT_EQ(key_of_headers("Bearer " + a, ""), a);
    EXPECT_EQ(key_of_headers("bearer  " + a + " ", ""), a);
    EXPECT_EQ(key_of_headers("", " " + b), b);
    EXPECT_EQ(key_of_headers("Bearer " + a, b), a);
    EXPECT_EQ(key_of_headers("Bearer sk-dummy", b), b);  // what a client library insists on sending
    EXPECT_EQ(key_of_headers("Bearer sk-dummy", ""), "");
    EXPECT_EQ(key_of_headers("Basic " + a, ""), "");
    EXPECT_EQ(key_of_headers(a, ""), "");
    EXPECT_EQ(key_of_headers("Bearer", ""), "");
}

TEST(KeyCache, AFoundKeyIsFreshForFiveSecondsAndOutlivesTheStoreForSixty) {
    KeyCache cache({});
    const TimePoint start = TimePoint{} + seconds(1000);
    cache.learn("h", key_called("k"), start);
    EXPECT_EQ(cache.fresh("h", start + milliseconds(4999))->key->id, "k");
    EXPECT_FALSE(cache.fresh("h", start + seconds(5)));
    EXPECT_EQ(cache.in_outage("h", start + milliseconds(59'999))->id, "k");
    EXPECT_FALSE(cache.in_outage("h", start + seconds(60)));
    EXPECT_FALSE(cache.fresh("other", start));
    EXPECT_FALSE(cache.in_outage("other", start));
}

TEST(KeyCache, AMissingKeyIsRememberedForOneSecond) {
    KeyCache cache({});
    const TimePoint start = TimePoint{} + seconds(1000);
    cache.learn("h", std::nullopt, start);
    EXPECT_FALSE(cache.fresh("h", start + milliseconds(999))->key);
    EXPECT_FALSE(cache.fresh("h", start + seconds(1)));
    cache.learn("h", key_called("k"), start + seconds(1));
    EXPECT_TRUE(cache.fresh("h", start + seconds(1))->key);
    cache.learn("h", std::nullopt, start + seconds(2));  // revoked
    EXPECT_FALSE(cache.fresh("h", start + seconds(2))->key);
    EXPECT_FALSE(cache.in_outage("h", start + seconds(2)));
}

TEST(KeyCache, GuessingIsBoundedAndPushesOutNoGoodKey) {
    KeyCache cache({.entries_max = 100});
    const TimePoint start = TimePoint{} + seconds(1000);
    cache.learn("good", key_called("k"), start);
    for (int i = 0; i < 10'000; ++i) cache.learn("guess" + std::to_string(i), std::nullopt, start);
    EXPECT_EQ(cache.size(), 101U);
    EXPECT_TRUE(cache.fresh("good", start)->key);
    for (int i = 0; i < 100; ++i) cache.learn("new" + std::to_string(i), key_called("n"), start);
    EXPECT_FALSE(cache.fresh("good", start));  // the oldest goes first
    EXPECT_EQ(cache.size(), 200U);
}

}  // namespace
}  // namespace hayate::front
