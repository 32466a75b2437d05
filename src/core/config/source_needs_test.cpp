#include "core/config/source_needs.hpp"

#include <gtest/gtest.h>

namespace hayate::config {
namespace {

std::vector<std::string> problems(const SourceNeeds& sources) {
    std::vector<std::string> all;
    for (const NeedProblem& problem : problems_of_needs(sources)) {
        all.push_back(problem.source + ": " + problem.text);
    }
    return all;
}
using Texts = std::vector<std::string>;

TEST(SourceNeeds, MayFormAnyOrderWithoutACircle) {
    EXPECT_EQ(problems({}), Texts{});
    EXPECT_EQ(problems({{"a", {}}, {"b", {"a"}}, {"c", {"a", "b"}}, {"d", {"b", "c"}}}), Texts{});
}

TEST(SourceNeeds, NameWhatIsNotThere) {
    EXPECT_EQ(problems({{"orders", {}}, {"carrier", {"order"}}}),
              Texts{"carrier: needs 'order', which is not among the sources; did you mean "
                    "'orders'?"});
}

TEST(SourceNeeds, NameACircleOnceWhereverItIsEntered) {
    EXPECT_EQ(problems({{"a", {"a"}}}), Texts{"a: needs itself"});
    EXPECT_EQ(problems({{"a", {"c"}}, {"b", {"a"}}, {"c", {"b"}}, {"out", {"a"}}}),
              Texts{"a: needs itself in a circle: a -> c -> b -> a"});
    EXPECT_EQ(problems({{"a", {"b"}}, {"b", {"a"}}, {"c", {"d"}}, {"d", {"c"}}}).size(), 2U);
}

}  // namespace
}  // namespace hayate::config
