"""Training beside inference, cloud beside edge: the words that move."""

from cnnhw import networks
from cnnhw.pictures.neurons.edge import cloud_and_edge
from cnnhw.pictures.neurons.learning import inference_and_training


def test_training_rewrites_every_word_that_inference_reads():
    picture = inference_and_training(C=7, hidden=5, M=3)
    assert (
        picture.caption
        == "(7 + 1)*5 + (5 + 1)*3 = 58 words: inference only reads them, training rewrites them."
    )
    assert "40 words" in picture.svg
    assert "18 words" in picture.svg
    assert "the hidden words are kept" in repr(picture)


def test_alexnet_pays_for_its_way_to_the_edge_after_395_images():
    alexnet = networks.alexnet()
    picture = cloud_and_edge(alexnet.layers["CONV1"].ifmap_words, alexnet.filter_words)
    assert picture.caption.startswith("60,954,656 / 154,587 = 394.3: after 395 images")


def test_an_even_ratio_needs_one_image_more():
    assert "20 / 10 = 2.0: after 3 images" in cloud_and_edge(10, 20).caption
