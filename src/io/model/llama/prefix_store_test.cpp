#include "io/model/llama/prefix_store.hpp"

#include <tuple>

#include <gmock/gmock.h>

namespace hayate::model::llama {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Tokens = std::vector<Token>;

class PrefixStoreTest : public testing::Test {
  protected:
    /// A prompt is read whole and given back, as a request of the conversation `key` would do.
    SequenceId read(std::string_view key, const Tokens& prompt) {
        const auto lease = store.take(key, prompt);
        finish_reading(lease, prompt);
        store.give_back(lease.sequence, key);
        return lease.sequence;
    }
    SequenceId read_fixed(const Tokens& prompt) {
        const auto lease = store.take("", prompt);
        finish_reading(lease, prompt);
        store.fix(lease.sequence);
        return lease.sequence;
    }
    void finish_reading(PrefixStore::Lease lease, const Tokens& prompt) {
        for (size_t i = static_cast<size_t>(lease.reused); i < prompt.size(); ++i) {
            store.append(lease.sequence, prompt[i]);
        }
    }

    PrefixStore store{{.sequences = 4, .cells = 20, .fixed_max = 2}};
};

TEST_F(PrefixStoreTest, AConversationGoesOnWhereItsPromptsDiffer) {
    const SequenceId first = read("anna", {1, 2, 3, 4, 5});
    EXPECT_THAT(store.take_actions(), IsEmpty());
    const auto lease = store.take("anna", Tokens{1, 2, 3, 9, 9, 9});
    EXPECT_EQ(lease.sequence, first);
    EXPECT_EQ(lease.reused, 3);
    EXPECT_THAT(store.take_actions(),
                ElementsAre(MemoryAction{.sequence = first, .begin = 3, .end = 5}));
}

TEST_F(PrefixStoreTest, TheLastTokenIsReadAgainForItsLogits) {
    read("anna", {1, 2, 3});
    EXPECT_EQ(store.take("anna", Tokens{1, 2, 3}).reused, 2);
}

TEST_F(PrefixStoreTest, NoConversationBuildsOnAnother) {
    read("anna", {1, 2, 3, 4});
    EXPECT_EQ(store.take("boris", Tokens{1, 2, 3, 4, 5}).reused, 0);
    EXPECT_EQ(store.take("", Tokens{1, 2, 3, 4, 5}).reused, 0);
}

TEST_F(PrefixStoreTest, EverybodyBuildsOnAFixedPrefixAndSharesItsCells) {
    const SequenceId fixed = read_fixed({1, 2, 3, 4});
    const auto lease = store.take("anna", Tokens{1, 2, 3, 7});
    EXPECT_EQ(lease.reused, 3);
    EXPECT_THAT(store.take_actions(),
                ElementsAre(MemoryAction{
                    .sequence = lease.sequence, .copy_from = fixed, .begin = 0, .end = 3}));
    EXPECT_EQ(store.cells_used(), 4);
    store.append(lease.sequence, 7);
    EXPECT_EQ(store.cells_used(), 5);
}

TEST_F(PrefixStoreTest, TheLongerOfOwnAndFixedPrefixIsUsed) {
    read_fixed({1, 2, 3, 4});
    read("anna", {1, 2, 8, 8});
    EXPECT_EQ(store.take("anna", Tokens{1, 2, 3, 4, 5}).reused, 4);
    EXPECT_EQ(store.idle(), 0);  // the outdated state is gone
}

TEST_F(PrefixStoreTest, MemoryIsTakenFromTheConversationThatWasIdleLongest) {
    read("anna", {1, 2, 3, 4, 5});
    read("boris", {6, 7, 8, 9, 10});
    read("anna", {1, 2, 3, 4, 5, 6});
    store.make_room(10);  // 11 of 20 are used
    EXPECT_EQ(store.take("boris", Tokens{6, 7, 8, 9}).reused, 0);
    EXPECT_EQ(store.take("anna", Tokens{1, 2, 3, 4}).reused, 3);
}

TEST_F(PrefixStoreTest, AFourthConversationReplacesTheOldestIdleOne) {
    for (const auto* key : {"a", "b", "c", "d"}) read(key, {1, 2, 3});
    std::ignore = store.take_actions();
    read("e", {4, 5});
    EXPECT_EQ(store.idle(), 4);
    EXPECT_EQ(store.take("a", Tokens{1, 2, 3}).reused, 0);
    EXPECT_EQ(store.take("d", Tokens{1, 2, 3}).reused, 2);
}

TEST_F(PrefixStoreTest, WithoutAKeyNothingStays) {
    const SequenceId sequence = read("", {1, 2, 3});
    EXPECT_EQ(store.idle(), 0);
    EXPECT_EQ(store.cells_used(), 0);
    EXPECT_THAT(store.take_actions(),
                ElementsAre(MemoryAction{.sequence = sequence, .begin = 0, .end = 3}));
}

TEST_F(PrefixStoreTest, ForgettingAFixedPrefixNeverUnderstatesWhatIsUsed) {
    read_fixed({1, 2, 3, 4});
    const auto lease = store.take("anna", Tokens{1, 2, 3, 4, 5});
    read_fixed({6});
    read_fixed({7});  // the third: the oldest goes
    EXPECT_FALSE(store.renew_fixed(Tokens{1, 2, 3, 4}));
    EXPECT_TRUE(store.renew_fixed(Tokens{7}));
    EXPECT_EQ(store.tokens(lease.sequence).size(), 4U);
    EXPECT_EQ(store.cells_used(), 4 + 1 + 1);
}

TEST_F(PrefixStoreTest, AFixedPrefixThatIsWantedAgainOutlivesOneThatIsNot) {
    read_fixed({1, 2});
    read_fixed({3, 4});
    EXPECT_TRUE(store.renew_fixed(Tokens{1, 2}));
    read_fixed({5, 6});
    EXPECT_TRUE(store.renew_fixed(Tokens{1, 2}));
    EXPECT_FALSE(store.renew_fixed(Tokens{3, 4}));
}

TEST_F(PrefixStoreTest, APrefixThatIsReadTwiceAtOnceIsFixedOnce) {
    const Tokens prompt{1, 2, 3};
    const auto first = store.take("", prompt);
    const auto second = store.take("", prompt);
    for (const auto& lease : {first, second}) {
        finish_reading(lease, prompt);
        store.fix(lease.sequence);
    }
    EXPECT_EQ(store.fixed(), 1);
    EXPECT_EQ(store.cells_used(), 3);
}

TEST(PrefixStoreOfARecurrentModel, ReusesOnlyWhatThePromptContinues) {
    PrefixStore store({.sequences = 2, .cells = 20, .fixed_max = 1, .can_trim = false});
    const auto read = [&](const Tokens& prompt) {
        const auto lease = store.take("anna", prompt);
        for (const Token token : std::span(prompt).subspan(static_cast<size_t>(lease.reused))) {
            store.append(lease.sequence, token);
        }
        store.give_back(lease.sequence, "anna");
        return lease.reused;
    };
    EXPECT_EQ(read({1, 2, 3}), 0);
    EXPECT_EQ(read({1, 2, 3, 4}), 3);
    EXPECT_EQ(read({1, 2, 9, 9}), 0);
}

}  // namespace
}  // namespace hayate::model::llama
