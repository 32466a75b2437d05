#include "io/model/state_probe.hpp"

#include <gtest/gtest.h>

namespace hayate::model {
namespace {

TEST(StateProbe, ReadsWhatItWrites) {
    const StateProbe probe{.model = "a-model-q4",
                           .layer = 20,
                           .bias = -0.5F,
                           .weights = {1, -0.25F, 0, 3e-5F, 2, 4, 8, 16, 32}};
    const auto read = parse_state_probe(to_text(probe));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->model, probe.model);
    EXPECT_EQ(read->layer, probe.layer);
    EXPECT_EQ(read->bias, probe.bias);
    EXPECT_EQ(read->weights, probe.weights);
}

TEST(StateProbe, AddsTheWeightedState) {
    const StateProbe probe{.model = "m", .layer = 1, .bias = 0.5F, .weights = {1, -2, 0}};
    const std::vector<float> state{3, 1, 100};
    EXPECT_FLOAT_EQ(probe.logit(state), 1.5F);
}

TEST(StateProbe, ReadsCommentsAndWeightsOfOneLine) {
    const auto read =
        parse_state_probe("# learned\nmodel m # 4 bits\n\nlayer 0\nweights 1 2\n3\r\n");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->weights, (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(read->bias, 0);
}

TEST(StateProbe, NamesTheLineThatItCannotRead) {
    const auto problem_of = [](std::string_view text) {
        const auto read = parse_state_probe(text);
        return read ? std::string() : read.error().internal;
    };
    EXPECT_EQ(problem_of("model m\nlayer -1\nweights 1"),
              "line 2: expected the number of a layer, from 0");
    EXPECT_EQ(problem_of("model m\nlayer 3 4\nweights 1"), "line 2: expected one value");
    EXPECT_EQ(problem_of("model m\nlayer 3\nweights 1 x"), "line 3: expected a number");
    EXPECT_EQ(problem_of("model m\nlayer 3\nweights\n1\nnan"), "line 5: expected a number");
    EXPECT_EQ(problem_of("modle m"),
              "line 1: expected \"model\", \"layer\", \"bias\" or \"weights\"");
    EXPECT_EQ(problem_of("layer 3\nweights 1"), "no \"model\": which file of weights is it for?");
    EXPECT_EQ(problem_of("model m\nweights 1"), "no \"layer\"");
    EXPECT_EQ(problem_of("model m\nlayer 3"), "no \"weights\"");
}

}  // namespace
}  // namespace hayate::model
