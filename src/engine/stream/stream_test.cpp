#include <gtest/gtest.h>

#include "core/text/utf8.hpp"
#include "engine/stream/delta_batcher.hpp"
#include "engine/stream/stream_hub.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::stream {
namespace {

using wire::DeltaEvent;
using wire::FinalEvent;

std::string text_of(const std::vector<wire::SharedEvent>& events) {
    std::string text;
    for (const auto& event : events) {
        if (const auto* delta = std::get_if<DeltaEvent>(&event->body)) text += delta->text;
    }
    return text;
}

Task<std::string> read_all(AnswerReader& reader) {
    std::string text;
    uint64_t expected = 0;
    while (true) {
        const auto batch = co_await reader.next({});
        if (batch.empty()) co_return text;
        for (const auto& event : batch) {
            if (expected == 0) expected = event->seq;
            EXPECT_EQ(event->seq, expected++);
        }
        text += text_of(batch);
    }
}

class StreamTest : public testing::Test {
  protected:
    StreamTest() : shards_(2), hub_(shards_, {}) { shards_.start(); }
    template <class Work>
    auto on(uint32_t shard, Work work) {
        using Value = typename decltype(work())::value_type;
        std::promise<Value> promise;
        shards_.at(shard).post([&] {
            runtime::spawn_detached(shards_.at(shard).executor(), [&]() -> Task<void> {
                if constexpr (std::is_void_v<Value>) {
                    co_await work();
                    promise.set_value();
                } else {
                    promise.set_value(co_await work());
                }
            });
        });
        return promise.get_future().get();
    }
    std::shared_ptr<StreamLog> make(Duration detached = std::chrono::hours(1)) {
        return on(0, [&]() -> Task<std::shared_ptr<StreamLog>> {
            co_return hub_.create("ann", detached);
        });
    }
    runtime::Shards shards_;
    StreamHub hub_;
};

TEST_F(StreamTest, AReaderGetsEveryEventOnceFromItsCursorOnAnyShard) {
    const auto log = make();
    on(0, [&]() -> Task<void> {
        log->append(DeltaEvent{"a"});
        log->append(DeltaEvent{"b"});
        co_return;
    });
    for (const uint32_t shard : {0U, 1U}) {
        const auto text = on(shard, [&]() -> Task<std::string> {
            auto reader = co_await hub_.attach(log->response_id(), "ann", 1);
            shards_.at(0).post([log] {
                log->append(DeltaEvent{"c"});
                log->append(FinalEvent{});
            });
            co_return co_await read_all(**reader);
        });
        EXPECT_EQ(text, "bc");
    }
}

TEST_F(StreamTest, AReaderWhoseShardFellFarBehindStillGetsEverything) {
    constexpr size_t kPieces = 1000;
    const auto log = make();
    std::unique_ptr<AnswerReader> reader;
    on(1, [&]() -> Task<void> {
        auto attached = co_await hub_.attach(log->response_id(), "ann", 0);
        reader = std::move(*attached);
    });
    on(0, [&]() -> Task<void> {
        for (size_t i = 0; i < kPieces; ++i) {
            log->append(DeltaEvent{"x"});
            // Each piece leaves alone, and nobody reads.
            for (int turn = 0; turn < 4; ++turn) co_await runtime::yield_now();
        }
        log->append(FinalEvent{});
    });
    const auto text = on(1, [&]() -> Task<std::string> {
        const auto mine = std::move(reader);
        co_return co_await read_all(*mine);
    });
    EXPECT_EQ(text, std::string(kPieces, 'x'));
}

TEST_F(StreamTest, AForeignLogLooksLikeOneThatDoesNotExist) {
    const auto log = make();
    for (const uint32_t shard : {0U, 1U}) {
        const auto kinds = on(shard, [&]() -> Task<std::vector<ErrorKind>> {
            const auto foreign = co_await hub_.attach(log->response_id(), "bob", 0);
            const auto unknown = co_await hub_.attach("r0_0123456789012345678901", "bob", 0);
            co_return std::vector{foreign.error().kind, unknown.error().kind};
        });
        EXPECT_EQ(kinds, (std::vector{ErrorKind::kNotFound, ErrorKind::kNotFound}));
    }
}

TEST_F(StreamTest, IsAbandonedOnlyWhenTheLastReaderHasLeft) {
    const auto log = make(Duration::zero());
    std::promise<void> abandoned;
    bool is_abandoned = false;  // outlives the coroutine: the call back comes after its end
    on(0, [&]() -> Task<void> {
        auto first = log->read_from(0);
        auto second = log->read_from(0);
        log->on_abandoned([&] {
            is_abandoned = true;
            abandoned.set_value();
        });
        first.reset();
        co_await runtime::yield_now();
        co_await runtime::yield_now();
        EXPECT_FALSE(is_abandoned);
    });
    abandoned.get_future().get();
}

TEST_F(StreamTest, StopReachesTheTurnFromAnotherShardButNotFromAStranger) {
    const auto log = make();
    std::promise<void> stopped;
    on(0, [&]() -> Task<void> {
        log->on_stop([&] { stopped.set_value(); });
        co_return;
    });
    on(1, [&]() -> Task<void> {
        hub_.stop(log->response_id(), "bob");
        hub_.stop(log->response_id(), "ann");
        co_return;
    });
    stopped.get_future().get();  // set twice would throw
}

TEST_F(StreamTest, AFullLogRefusesTextButTakesItsEnd) {
    on(0, [&]() -> Task<void> {
        const auto log = std::make_shared<StreamLog>(shards_.at(0).executor(),
                                                     StreamLog::Options{.bytes_max = 200});
        EXPECT_TRUE(log->append(DeltaEvent{std::string(100, 'x')}));
        EXPECT_FALSE(log->append(DeltaEvent{std::string(100, 'y')}));
        EXPECT_TRUE(log->append(FinalEvent{}));
        EXPECT_FALSE(log->append(DeltaEvent{"late"}));
        EXPECT_EQ(log->last_seq(), 2U);
        co_return;
    });
}

TEST_F(StreamTest, BatchesJoinPiecesAndNeverLoseOne) {
    const auto log = make();
    const std::string whole = "こんにちは👨‍👩‍👧 it's 🇯🇵!";
    on(0, [&]() -> Task<void> {
        const auto batcher = std::make_shared<DeltaBatcher>(shards_.at(0).executor(), log);
        size_t at = 0;
        while (at < whole.size()) {
            size_t end = at;
            std::ignore = text::next_code_point(whole, end);
            batcher->push(std::string_view(whole).substr(at, end - at));
            at = end;
        }
        batcher->flush();
        co_return;
    });
    const auto events = on(0, [&]() -> Task<std::vector<wire::SharedEvent>> {
        auto reader = log->read_from(0);
        co_return co_await reader->next({});
    });
    EXPECT_EQ(text_of(events), whole);
    EXPECT_LT(events.size(), 12U);
    EXPECT_EQ(text_of({events.front()}), "こ");
}

TEST(ShowablePrefix, HoldsBackWhatMayStillGrow) {
    EXPECT_EQ(showable_prefix("abc"), 3U);
    EXPECT_EQ(showable_prefix("漢"), 3U);
    EXPECT_EQ(showable_prefix("a👩"), 1U);
    EXPECT_EQ(showable_prefix("a👩\u200d"), 1U);
    EXPECT_EQ(showable_prefix("a👩 "), std::string_view("a👩 ").size());
}

}  // namespace
}  // namespace hayate::stream
