// Judges every pod in files of Kubernetes objects by the Pod Security Standard "restricted", with the
// code by which Kubernetes itself admits pods.
//
// Usage: podsecurity FILE...
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	sigsyaml "sigs.k8s.io/yaml"
)

type pod struct {
	name string
	meta *metav1.ObjectMeta
	spec *corev1.PodSpec
}

// The pod that an object is or makes, if any.
func podOf(document []byte) (*pod, error) {
	var kind metav1.TypeMeta
	if err := sigsyaml.Unmarshal(document, &kind); err != nil {
		return nil, err
	}
	switch kind.Kind {
	case "Deployment":
		var object appsv1.Deployment
		if err := sigsyaml.UnmarshalStrict(document, &object); err != nil {
			return nil, err
		}
		template := &object.Spec.Template
		return &pod{"Deployment/" + object.Name, &template.ObjectMeta, &template.Spec}, nil
	case "Pod":
		var object corev1.Pod
		if err := sigsyaml.UnmarshalStrict(document, &object); err != nil {
			return nil, err
		}
		return &pod{"Pod/" + object.Name, &object.ObjectMeta, &object.Spec}, nil
	}
	return nil, nil
}

// Reports how many pods the file has, and whether all of them are admitted.
func judge(evaluator policy.Evaluator, path string) (int, bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	reader := yaml.NewYAMLReader(bufio.NewReader(file))
	pods, admitted := 0, true
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return pods, admitted, nil
		}
		if err != nil {
			return pods, false, err
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		found, err := podOf(document)
		if err != nil {
			return pods, false, err
		}
		if found == nil {
			continue
		}
		pods++
		for _, result := range evaluator.EvaluatePod(level, found.meta, found.spec) {
			if !result.Allowed {
				fmt.Printf("%s: %s: %s: %s\n", path, found.name, result.ForbiddenReason, result.ForbiddenDetail)
				admitted = false
			}
		}
	}
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	pods, good := 0, true
	for _, path := range os.Args[1:] {
		count, admitted, err := judge(evaluator, path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			os.Exit(2)
		}
		pods += count
		good = good && admitted
	}
	fmt.Printf("%d pods\n", pods)
	if !good {
		os.Exit(1)
	}
}
