#pragma once
// The shipped assistant and a little of what a store might return, for the tests of turn/.

#include <gtest/gtest.h>

#include "core/config/assistant_config.hpp"
#include "engine/gather/gather.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::turn {

inline const config::AssistantConfig& shipped_assistant() {
    static const config::AssistantConfig assistant = [] {
        const auto folder = test::source_dir() / "assistants/mangaassist";
        auto loaded = config::load_assistant(folder.string());
        if (!loaded) ADD_FAILURE() << format(loaded.error());
        return loaded.value_or(config::AssistantConfig());
    }();
    return assistant;
}

inline store::Hit series_hit(const std::string& id, double similarity) {
    store::Hit hit{.kind = store::HitKind::kSeries, .similarity = similarity};
    hit.series = {.id = id,
                  .title = {id + " title", id + "の題"},
                  .authors = {{"Ann Author", "作者"}},
                  .start_year = 2020,
                  .status = "finished",
                  .volumes = 12,
                  .genres = {"fantasy"},
                  .demographic = "shonen",
                  .description = {"It is long. It is good.", "長い。良い。"}};
    hit.products = {{.sku = id + "-1",
                     .series = id,
                     .kind = "volume",
                     .language = "en",
                     .title = {id + ", Vol. 1", id + " 1巻"},
                     .price_yen = 1480,
                     .stock = 5,
                     .release_date = "2021-11-09"}};
    return hit;
}

inline store::Hit faq_hit(double similarity) {
    store::Hit hit{.kind = store::HitKind::kFaq, .similarity = similarity};
    hit.faq = {.id = "wrap",
               .question = {"Do you gift wrap?", "ギフト包装はできますか？"},
               .answer = {"Yes, for 200 yen.", "はい、200円です。"}};
    return hit;
}

inline store::Order order(const std::string& id) {
    return {.id = id,
            .customer = "c-001",
            .placed = "2026-11-20",
            .status = "shipped",
            .items = {{.sku = "x-1", .title = {"X, Vol. 1", "X 1巻"}, .price_yen = 1480}},
            .total_yen = 1830,
            .carrier = "Yamato",
            .tracking = "1111",
            .eta = "2026-11-27",
            .city = "Osaka"};
}

}  // namespace hayate::turn
